import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { clientKey, connectionKey, createClient } from '../api/client'
import { createConnection } from '../api/connection'
import { desktopDoor } from '../api/desktop-door'
import { downloadFrom, downloadKey } from '../api/download'
import { fileDoorKey } from '../api/file-door'
import { messagePortChannel } from '../api/message-port-channel'
import { heedFullAddress, takeKey } from '../api/page-token'
import { uploadDoor } from '../api/upload-door'
import { webSocketChannel } from '../api/web-socket-channel'
import App from './app.vue'
import './base.css'
import NoToken from './no-token.vue'
import './tokens.css'

const inBrowser = window.location.protocol.startsWith('http')
const key = inBrowser ? takeKey(window) : null
if (inBrowser) heedFullAddress(window)

if (inBrowser && !key) {
  createApp(NoToken).mount('#app')
} else {
  const open = key ? webSocketChannel(window.location, key) : messagePortChannel(window)
  const connection = createConnection(open)
  // The router reads the address when it is created, so it comes after the token has left it.
  const { router } = await import('./router')
  createApp(App)
    .provide(connectionKey, connection)
    .provide(clientKey, createClient(connection))
    .provide(fileDoorKey, key ? uploadDoor(key) : desktopDoor(window))
    .provide(downloadKey, key ? downloadFrom(key) : null)
    .use(createPinia())
    .use(router)
    .mount('#app')
}
