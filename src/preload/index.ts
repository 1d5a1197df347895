import type { MessagePort } from 'node:worker_threads'
import { contextBridge, ipcRenderer, webUtils } from 'electron'

/** What this script needs of the page; the DOM's types would reach the whole of the Node side of the project. */
declare const window: {
  readonly location: { readonly origin: string; hash: string; reload(): void }
  addEventListener(type: 'load', listener: () => void, options: { once: true }): void
  postMessage(message: string, origin: string, ports: readonly MessagePort[]): void
}

/**
 * Hands the page one end of a MessagePort and the main process the other. After `load`, since the page listens from its first
 * script on and not before.
 */
window.addEventListener(
  'load',
  () => {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage('hydra:connect', null, [port2])
    window.postMessage('hydra:port', window.location.origin, [port1])
  },
  { once: true },
)

/** Where a file lies that a person dropped or picked; empty for any other. The page gets nothing else of Electron. */
contextBridge.exposeInMainWorld('hydraFiles', {
  pathOf: (file: Parameters<typeof webUtils.getPathForFile>[0]) => webUtils.getPathForFile(file),
})

/** The menu and opened files lead somewhere as an address that is typed does; `anew` when another workspace was opened. */
ipcRenderer.on('hydra:go', (_, route: string, anew: boolean) => {
  window.location.hash = route
  if (anew) window.location.reload()
})
