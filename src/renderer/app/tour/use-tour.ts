import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useRouter } from 'vue-router'
import { useDrafts } from '../../stores/drafts'
import { useJobs } from '../../stores/jobs'
import { useRuns } from '../../stores/runs'
import { readTour, settleTour, stepOn, TOUR_STEPS, type TourState } from './tour-steps'

const KEPT = 'tour'

/** The tour of the first verdict of a workspace: offered once, left at any time, and never again; kept like a draft. */
export const useTour = defineStore('tour', () => {
  const drafts = useDrafts()
  const runs = useRuns()
  const jobs = useJobs()
  const router = useRouter()
  const state = shallowRef<TourState | null>(null)

  /** What it shows: the strict run of a demo, else the newest. */
  const run = computed(() => {
    if (!jobs.loaded || jobs.live.length > 0) return null
    return runs.trained.find(({ request }) => request.holdOut === 'strict') ?? runs.trained[0] ?? null
  })
  const step = computed(() => (typeof state.value === 'number' ? TOUR_STEPS[state.value] : null))

  function become(next: TourState): void {
    if (state.value === next) return
    state.value = next
    // An offer that was not answered is made again.
    if (next !== 'offered' && next !== 'none') drafts.keep(KEPT, next)
  }
  watch(
    [() => drafts.settled && runs.loaded, run],
    ([ready, shown]) => {
      if (!ready) return
      const known = state.value ?? drafts.read(KEPT, readTour)
      become(settleTour(known, { hasRuns: runs.all.length > 0, run: shown?.id ?? null }))
    },
    { immediate: true },
  )

  async function go(by: 1 | -1): Promise<void> {
    become(stepOn(state.value ?? 'none', by))
    if (step.value && run.value) await router.push(step.value.to(run.value.id))
  }

  return {
    state,
    step,
    run,
    /** From the start, whatever was before. */
    async begin() {
      state.value = 'offered'
      await go(1)
    },
    next: () => go(1),
    back: () => go(-1),
    leave: () => become('over'),
  }
})
