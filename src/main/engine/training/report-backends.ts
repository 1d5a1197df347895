import type { BackendRefusal, BackendReport } from '../../../shared/schemas/system'
import { isInstalled } from '../registry/installed-package'
import { backends } from './backends'
import { fastestFirst, type StepTimes } from './backends/fastest-first'
import { missingPackages } from './backends/missing-packages'

interface ReportOptions {
  readonly times?: StepTimes
  readonly isThere?: (name: string) => boolean
}

/**
 * What doctor shows: each backend, and whether it works or why not. Chosen is what a training would choose: the fastest that does,
 * where that was measured, else the first.
 * @param tried why a backend that is there does not work, or null: loaded and checked in a process of its own, since two native
 * ones do not bear each other and a library may end the process that loads it
 * @param times of the configuration that it is shown for
 */
export async function reportBackends(
  tried: (id: string) => Promise<BackendRefusal | null>,
  { times = {}, isThere = isInstalled }: ReportOptions = {},
): Promise<BackendReport[]> {
  const checked = await Promise.all(
    backends.map(async (spec) => {
      const missing = missingPackages(spec, isThere)
      const refusal: BackendRefusal | null =
        missing.length > 0 ? { code: 'not-installed', detail: 'not installed' } : await tried(spec.name)
      return { ...spec, refusal }
    }),
  )
  const first = fastestFirst(checked, times).find(({ refusal }) => refusal === null)
  return checked.map(({ name, title, from, refusal }) => {
    const place = from ? 'installed' : 'embedded'
    const reason =
      refusal === null
        ? `${place}; loaded and checked`
        : refusal.code === 'not-installed'
          ? refusal.detail
          : `${place}, but not usable: ${refusal.detail}`
    return {
      id: name,
      title,
      found: refusal === null,
      reason,
      refusal: refusal?.code ?? null,
      command: refusal ? (from?.command ?? null) : null,
      millisecondsPerStep: (refusal === null && times[name]) || null,
      chosen: name === first?.name,
    }
  })
}
