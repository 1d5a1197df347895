import { RPCLink } from '@orpc/client/message-port'
import { type Channel, callHeaders, type OpenChannel } from './channel'

/** The message with which the preload script hands the page its port. */
const PORT_MESSAGE = 'hydra:port'

/** Lines over the MessagePorts that the desktop application's preload script hands over; each port is one line. */
export function messagePortChannel(page: Window): OpenChannel {
  const ports: MessagePort[] = []
  let waiting: ((port: MessagePort) => void) | null = null
  page.addEventListener('message', (event) => {
    if (event.source !== page || event.data !== PORT_MESSAGE || !event.ports[0]) return
    if (waiting) waiting(event.ports[0])
    else ports.push(event.ports[0])
    waiting = null
  })
  return async () => {
    const port =
      ports.shift() ??
      (await new Promise<MessagePort>((resolve) => {
        waiting = resolve
      }))
    const closed = new Promise<void>((done) => port.addEventListener('close', () => done(), { once: true }))
    const channel: Channel = { link: new RPCLink({ port, ...callHeaders }), closed }
    port.start()
    return channel
  }
}
