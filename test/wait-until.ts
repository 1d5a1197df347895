/** Asks every few milliseconds until it is so; fails after 25 seconds, since a busy machine takes long to start a process. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 25_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not become so within 25 seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
