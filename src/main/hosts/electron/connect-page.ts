import { RPCHandler } from '@orpc/server/message-port'
import { RequestHeadersPlugin } from '@orpc/server/plugins'
import { ipcMain } from 'electron'
import type { ServiceRouter } from '../../services/create-services'
import { isPageAddress } from './page-address'

/** The channel on which the preload script sends its end of a MessagePort. */
const CONNECT_CHANNEL = 'hydra:connect'

/**
 * The one gateway: a port that the main frame of our own page sends is a line on which the contract is spoken, to the
 * workspace that is open then. A frame inside it, or a page that is not ours, gets no answer.
 */
export function connectPage(router: () => ServiceRouter): void {
  ipcMain.on(CONNECT_CHANNEL, (event) => {
    const [port] = event.ports
    const frame = event.senderFrame
    if (!port) return
    if (!frame || frame !== event.sender.mainFrame || !isPageAddress(frame.url)) {
      port.close()
      return
    }
    new RPCHandler(router(), { plugins: [new RequestHeadersPlugin()] }).upgrade(port)
    port.start()
  })
}
