const pending = new Map<string, Promise<unknown>>()

/** Work on one file, by a key of its own: in this process one piece follows the other, so that what is read, changed and written again loses nothing. */
export function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const result = (pending.get(key) ?? Promise.resolve()).then(work, work)
  pending.set(key, result)
  const forget = () => pending.get(key) === result && pending.delete(key)
  result.then(forget, forget)
  return result
}
