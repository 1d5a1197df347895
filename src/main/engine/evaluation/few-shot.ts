import type { EncodedCollection, EncodedTask } from '../preferences/encoded-collection'
import { fitBiases } from './few-shot-fit'
import type { ShownCard } from './shown-card'
import type { ShiftSystem } from './system'
import { meanOverTasks, type ScoreOptions, scoreSystems } from './system-scores'

const PENALTIES = [0.01, 0.03, 0.1, 0.3, 1] as const
const STEPS = [20, 40, 80] as const

interface Setting {
  readonly penalty: number
  readonly steps: number
}

/** The row `few-shot`: what the examples of a card are worth to a head that is trained on them alone. */
export interface FewShot {
  readonly system: ShiftSystem & { readonly chosen: string }
  /** Fits the heads of these tasks' cards; needed before the system is asked about them. */
  fit(tasks: readonly EncodedTask[], shown: ReadonlyMap<EncodedTask, ShownCard>): Promise<void>
}

/** Penalty and steps are chosen once for each number of examples, on the dev queries of seen tasks. */
export async function chooseFewShot(
  dev: Omit<ScoreOptions, 'systems'> & { readonly shown: ReadonlyMap<EncodedTask, ShownCard> },
  seed: number,
): Promise<FewShot> {
  const { signal, shown } = dev
  const [measure] = dev.measures
  let best: { setting: Setting; value: number; biases: Biases } | undefined
  for (const penalty of PENALTIES) {
    const bySteps = await fitTasks(dev.tasks, shown, { penalty, steps: STEPS, seed, signal })
    const systems = STEPS.map((steps, s) => ({
      name: `few-shot ${penalty} ${steps}`,
      shift: shiftOf(bySteps[s]),
    }))
    const scores = await scoreSystems({ ...dev, systems })
    STEPS.forEach((steps, s) => {
      const value = meanOverTasks(scores[s], measure.name)
      if (!best || value > best.value) best = { setting: { penalty, steps }, value, biases: bySteps[s] }
    })
  }
  const { setting, biases } = best!
  return {
    system: {
      name: 'few-shot',
      chosen: `penalty ${setting.penalty}, ${setting.steps} steps`,
      shift: shiftOf(biases),
    },
    async fit(tasks, shownOf) {
      const missing = tasks.filter((task) => !biases.has(task))
      const steps = [setting.steps]
      const [fitted] = await fitTasks(missing, shownOf, { penalty: setting.penalty, steps, seed, signal })
      for (const [task, bias] of fitted) biases.set(task, bias)
    },
  }
}

/** [d] by task */
type Biases = Map<EncodedTask, Float32Array>

/** A card without a single usable example leaves its queries as they are. */
function shiftOf(biases: Biases): ShiftSystem['shift'] {
  return (task) => biases.get(task) ?? null
}

/** @returns by number of steps */
async function fitTasks(
  tasks: readonly EncodedTask[],
  shown: ReadonlyMap<EncodedTask, ShownCard>,
  options: Pick<Parameters<typeof fitBiases>[0], 'penalty' | 'steps' | 'seed' | 'signal'>,
): Promise<Biases[]> {
  const byCollection = new Map<EncodedCollection, EncodedTask[]>()
  for (const task of tasks) {
    if (shown.get(task)!.queries.length === 0) continue
    byCollection.set(task.encoded, [...(byCollection.get(task.encoded) ?? []), task])
  }
  const biases: Biases[] = options.steps.map(() => new Map())
  for (const [encoded, members] of byCollection) {
    const fitted = await fitBiases({ ...options, encoded, cards: members.map((task) => shown.get(task)!) })
    fitted.forEach((ofCards, s) => {
      members.forEach((task, t) => {
        biases[s].set(task, ofCards[t])
      })
    })
  }
  return biases
}
