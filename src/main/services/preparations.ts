import type { JobEvent } from '../../shared/schemas/job'
import type { Preparation } from '../../shared/schemas/playground'

/** What requests to the session wait for before they are answered: the vectors of a corpus that is searched for the first time. */
export interface Preparations {
  /** Runs a request; how far it is stands among the preparations until it ends. */
  during<Output>(
    dataset: string,
    request: (emit: (event: JobEvent) => void) => Promise<Output>,
  ): Promise<Output>
  /** All of them each time one changes, those of now first. */
  watch(signal?: AbortSignal): AsyncGenerator<Preparation[], void, void>
}

export function openPreparations(): Preparations {
  const current = new Map<object, Preparation>()
  const readers = new Set<() => void>()
  const changed = () => {
    for (const wake of readers) wake()
  }
  /** Requests that wait for the same corpus are told the same: one of them stands for all. */
  const list = () => [...new Map([...current.values()].map((one) => [one.dataset, one])).values()]

  return {
    async during(dataset, request) {
      const key = {}
      try {
        return await request((event) => {
          if (event.type !== 'progress') return
          const { progress } = event
          if (progress.done < progress.total) current.set(key, { dataset, progress })
          else if (!current.delete(key)) return
          changed()
        })
      } finally {
        if (current.delete(key)) changed()
      }
    },

    async *watch(signal) {
      let wake = () => {}
      let fresh = true
      const note = () => {
        fresh = true
        wake()
      }
      readers.add(note)
      signal?.addEventListener('abort', note)
      try {
        while (!signal?.aborted) {
          if (fresh) {
            fresh = false
            yield list()
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        }
      } finally {
        readers.delete(note)
        signal?.removeEventListener('abort', note)
      }
    },
  }
}
