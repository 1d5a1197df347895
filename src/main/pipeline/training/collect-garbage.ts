import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/**
 * A full garbage collection, some 10 ms. TensorFlow.js leaves about 2 KB a step that only a full one frees, and V8 puts that
 * off until 40 to 60 MB have gathered: asked for now and then, a long training stays as small as a short one.
 */
export function collectGarbage(): void {
  collect()
}
