/** Asks every few milliseconds until it is so; fails after five seconds. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not become so within five seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
