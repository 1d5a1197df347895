import { HydraError, type SerializedError } from '../../shared/errors'
import type { FileDoor } from './file-door'

/** Where the web host takes files. */
const UPLOAD = '/rpc/upload'

/** Sends files to the web host: a browser says of a file what is in it, and not where it lies. */
export function uploadDoor(key: string): FileDoor {
  return {
    async pathOf({ files }, onSent, signal) {
      const batch = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('')
      let before = 0
      let source = ''
      for (const { path, file } of files) {
        const address = `${UPLOAD}/${batch}/${path.split('/').map(encodeURIComponent).join('/')}`
        source = await send({ address, file, key, signal, onSent: (done) => onSent(before + done) })
        before += file.size
      }
      return source
    },
  }
}

/** By XMLHttpRequest, since fetch does not say how much of a body was sent. */
function send(options: {
  readonly address: string
  readonly file: File
  readonly key: string
  readonly signal: AbortSignal
  onSent(done: number): void
}): Promise<string> {
  const { address, file, key, signal, onSent } = options
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    signal.addEventListener('abort', abort)
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
    request.addEventListener('loadend', () => {
      signal.removeEventListener('abort', abort)
      if (signal.aborted) reject(signal.reason)
      else if (request.status === 201)
        resolve((JSON.parse(request.responseText) as { source: string }).source)
      else reject(refusal(request, file.name))
    })
    request.open('POST', address)
    request.setRequestHeader('authorization', `Bearer ${key}`)
    request.send(file)
  })
}

function refusal({ status, responseText }: XMLHttpRequest, name: string): HydraError {
  try {
    return HydraError.fromJSON(JSON.parse(responseText) as SerializedError)
  } catch {
    return new HydraError('CONNECTION_LOST', {
      expected: `the host to take ${name}`,
      got: status === 0 ? 'a connection that broke' : `the answer ${status}`,
      remedy: 'Drop it again. If it fails again, name its path instead.',
    })
  }
}
