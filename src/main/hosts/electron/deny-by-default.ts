import { app, session } from 'electron'
import { isPageAddress } from './page-address'

/** No page but ours and no second window: the workbench needs none of them. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-navigate', (event) => {
      if (!isPageAddress(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

/** Our page may say when something has ended, and write to the clipboard when it is clicked; nothing else. */
const ALLOWED: readonly string[] = ['notifications', 'clipboard-sanitized-write']

/** Must happen after the application is ready. */
export function denyPermissions(): void {
  const isAllowed = (permission: string, address: string | undefined) =>
    ALLOWED.includes(permission) && isPageAddress(address)
  session.defaultSession.setPermissionRequestHandler((_, permission, answer, { requestingUrl }) =>
    answer(isAllowed(permission, requestingUrl)),
  )
  session.defaultSession.setPermissionCheckHandler((_, permission, origin) =>
    isAllowed(permission, `${origin.replace(/\/$/, '')}/`),
  )
  session.defaultSession.setDevicePermissionHandler(() => false)
}
