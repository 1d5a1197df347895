/** The built encoder worker, killed as by kill -9 when it gets the text `kill me once` (the first time) or `kill me`. */
import { existsSync, writeFileSync } from 'node:fs'
import '../../../out/main/encoder-worker.js'

process.on('message', ({ type, items }) => {
  if (type !== 'work') return
  const marker = process.env.CRASH_MARKER
  const once = items.includes('kill me once') && !existsSync(marker)
  if (once) writeFileSync(marker, '')
  if (once || items.includes('kill me')) process.kill(process.pid, 'SIGKILL')
})
