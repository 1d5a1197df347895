import { app, session } from 'electron'
import { isPageAddress } from './page-address'

/** By its name in Electron. */
const NOTIFICATIONS = 'notifications'

/**
 * No page but ours, no second window, no permission but to say when a job has ended: the workbench needs none of the others.
 */
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

/** Must happen after the application is ready. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === NOTIFICATIONS),
  )
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === NOTIFICATIONS)
  session.defaultSession.setDevicePermissionHandler(() => false)
}
