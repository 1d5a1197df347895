import { RPCLink } from '@orpc/client/websocket'
import { type Channel, callHeaders, type OpenChannel, TokenRefused } from './channel'

/** Lines over `ws(s)://host/rpc?key=…`, to the host that served the page. */
export function webSocketChannel(page: Location, key: string): OpenChannel {
  const address = `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/rpc?key=${encodeURIComponent(key)}`
  return () =>
    new Promise<Channel>((resolve, reject) => {
      const socket = new WebSocket(address)
      const closed = new Promise<void>((done) =>
        socket.addEventListener('close', () => done(), { once: true }),
      )
      socket.addEventListener(
        'open',
        () => resolve({ link: new RPCLink({ websocket: socket, ...callHeaders }), closed }),
        {
          once: true,
        },
      )
      socket.addEventListener(
        'error',
        () => {
          // A browser never says why a socket was refused. That the page itself still loads tells the two cases apart.
          fetch(page.origin, { method: 'HEAD', cache: 'no-store' }).then(
            () => reject(new TokenRefused('the host refused the key')),
            () => reject(new Error('the host cannot be reached')),
          )
        },
        { once: true },
      )
    })
}
