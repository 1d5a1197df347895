/**
 * All of the work, or its first failure at once; at a pause only after all of it has stopped, so that each part has saved
 * what it needs to go on: when the operation fails, its processes go.
 */
export async function allOrPaused<const Work extends readonly Promise<unknown>[]>(
  work: Work,
  pause: AbortSignal,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  try {
    return await Promise.all(work)
  } catch (error) {
    if (pause.aborted) await Promise.allSettled(work)
    throw error
  }
}
