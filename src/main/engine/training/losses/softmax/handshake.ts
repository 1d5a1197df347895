/**
 * The word of shared memory over which the training thread and a listwise thread take turns: the training thread sets IDLE
 * and READY, the other DONE, FAILED and, as it ends, ENDED, which nothing overwrites. Every sleep here has a bound, since a thread that sleeps hears of nothing else.
 */
const STATE = 0
const IDLE = 0
const READY = 1
const DONE = 2
const FAILED = 3
const ENDED = 4

const ANSWERS = { done: DONE, failed: FAILED, ended: ENDED } as const

/** What the listwise thread says of a turn. */
export type Answer = keyof typeof ANSWERS

export function createHandshake(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
}

/** Training thread: a new turn begins. */
export function beginTurn(state: Int32Array): void {
  const word = Atomics.load(state, STATE)
  if (word !== ENDED) Atomics.compareExchange(state, STATE, word, IDLE)
}

/** Training thread: the inputs of the turn are in place; sleeps until they are answered. @returns null: not within the bound */
export function awaitAnswer(state: Int32Array, boundMs: number): Answer | null {
  if (Atomics.compareExchange(state, STATE, IDLE, READY) === IDLE) Atomics.notify(state, STATE)
  const word = sleepUntil(state, (word) => word > READY, boundMs)
  if (word === null) return null
  return word === DONE ? 'done' : word === FAILED ? 'failed' : 'ended'
}

/** Listwise thread: sleeps until the inputs are in place. @returns false where they did not come within the bound */
export function awaitInputs(state: Int32Array, boundMs: number): boolean {
  return sleepUntil(state, (word) => word === READY, boundMs) !== null
}

/** Listwise thread: ends the turn. */
export function giveAnswer(state: Int32Array, answer: Answer): void {
  Atomics.store(state, STATE, ANSWERS[answer])
  Atomics.notify(state, STATE)
}

/**
 * The word once it is as it should be, or null when the bound has passed. A round reads the word once: Atomics.wait sleeps
 * only while the word still has the value that it is given, so a change between two reads would be slept through for ever.
 */
function sleepUntil(state: Int32Array, ready: (word: number) => boolean, boundMs: number): number | null {
  const end = performance.now() + boundMs
  for (;;) {
    const word = Atomics.load(state, STATE)
    if (ready(word)) return word
    const left = end - performance.now()
    if (left <= 0) return null
    Atomics.wait(state, STATE, word, left)
  }
}
