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

/** Bytes that live up to which as many more may lie there as garbage. */
const SMALL_HEAP = 256 * 2 ** 20

/**
 * Lets a heap of what a training has loaded double before V8 collects by itself, where that is small. A step leaves some 4 MB
 * behind, and V8 waits for a third of what lives: beside collections in memory it collected every eight steps, which took a third of
 * all processor time.
 */
export function collectSeldom(): void {
  collect()
  const isSmall = process.memoryUsage().heapUsed < SMALL_HEAP
  setFlagsFromString(`--heap-growing-percent=${isSmall ? 100 : 0}`)
}

/** When V8 thinks best, as before: a process goes on to other work. */
export function collectAsUsual(): void {
  setFlagsFromString('--heap-growing-percent=0')
}
