/** Long enough for what comes next of the same work, short enough that memory is free when something else is under way. */
const PARKED_MS = 2000

/** Things that cost a while to open and that nobody uses just now, by what they are good for: each waits two seconds, then ends. */
export class Parked<Thing> {
  readonly #end: (one: Thing) => Promise<void>
  readonly #waiting = new Map<Thing, { readonly key: string; readonly timer: NodeJS.Timeout }>()

  constructor(end: (one: Thing) => Promise<void>) {
    this.#end = end
  }

  /** Does not keep the process alive meanwhile. */
  park(one: Thing, key: string): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(one)
      void this.#end(one)
    }, PARKED_MS)
    timer.unref()
    this.#waiting.set(one, { key, timer })
  }

  take(key: string): Thing | undefined {
    for (const [one, { key: other, timer }] of this.#waiting) {
      if (key !== other) continue
      clearTimeout(timer)
      this.#waiting.delete(one)
      return one
    }
    return undefined
  }

  /** Ends all that wait under the key. */
  async dismiss(key: string): Promise<void> {
    const ends: Promise<void>[] = []
    for (let one = this.take(key); one !== undefined; one = this.take(key)) ends.push(this.#end(one))
    await Promise.all(ends)
  }
}
