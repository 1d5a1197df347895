import { type ErrorCode, HydraError, paused, throwIfCancelled } from '../../../shared/errors'
import type { Recipe } from '../../../shared/schemas/run'
import type { Parameters } from '../hypernet/parameters'
import { streamFrom } from '../numeric/random'
import type { MadeStep, Stepper } from './stepper'
import {
  copyParameters,
  copyPoint,
  goBack,
  type TrainedWeights,
  type TrainingState,
  unsoundArray,
} from './training-state'

/** What is told of a step. */
export type StepReport = Pick<MadeStep, 'loss' | 'norm' | 'taskLosses'>

/** A step that could not be taken, or a network that was ruined: training goes back and on more slowly. */
export interface Setback {
  /** What was found, where. */
  readonly what: string
  readonly step: number
  /** Gone back to the weights of this step. */
  readonly backTo: number
  readonly learningRate: number
}

/** @internal */
export type LoopRecipe = Pick<
  Recipe,
  'steps' | 'devEvery' | 'keep' | 'patience' | 'clipNorm' | 'learningRate' | 'weightDecay' | 'warmupSteps'
>

export interface TrainingLoop {
  readonly recipe: LoopRecipe
  /** Where to begin: the start, or what was saved. Trained in place. */
  readonly state: TrainingState
  readonly signal?: AbortSignal
  /** Fires when the training should save its state and stop with PAUSED. */
  readonly pause?: AbortSignal
  /** Draws batches from the stream it is given and makes steps; keeps nothing from call to call but the state's own weights and moments. */
  readonly stepper: Stepper
  /** The dev measure of the weights as they stand: before the first step, every `devEvery` steps, and at the end. */
  measureDev(parameters: Parameters, step: number): Promise<number>
  onStep(step: number, report: StepReport): void
  onSetback?(setback: Setback): void
  /** At the end, where training was in vain. */
  onWarning?(message: string): void
  /** Asked after each step: whether the state should be saved now. */
  saveDue?(): boolean
  save?(state: TrainingState): Promise<void>
}

/** Setbacks after which training gives up: by then the learning rate is an eighth of what was asked. */
const MOST_SETBACKS = 3
/** Of the dev measure before the first step: what is left of a network that was ruined. */
const RUINED_SHARE = 2 / 3
const NAMED_TASKS = 5
/** Ends of a training that can be gone on from. */
const RESUMABLE: readonly ErrorCode[] = ['DEVICE_LOST', 'DEVICE_MEMORY']

/**
 * Steps, measures, keeps the best. Every step depends on the state alone, so a training that is cut off anywhere and goes
 * on from a saved state ends with the very weights of one that was not.
 *
 * A loss or gradient that is no number, and a network that has lost a third of its dev measure while its loss did not fall, are
 * setbacks: back to the last dev measurement that was sound, half the learning rate, and after three of them
 * TRAINING_DIVERGED. The sound point is part of what is saved: a resumed training goes back to where an unbroken one would.
 */
export async function runTrainingLoop(loop: TrainingLoop): Promise<TrainedWeights> {
  const { recipe, state, stepper } = loop
  if (state.progress.startDev === null) {
    const start = await loop.measureDev(state.parameters, state.progress.step)
    if (!Number.isFinite(start)) throw noStart(start)
    state.progress.startDev = start
  }
  let random = streamFrom(state.progress.random)
  state.sound ??= copyPoint(state)

  function setBack(what: string): void {
    const { step, setbacks, rateFactor } = state.progress
    if (setbacks >= MOST_SETBACKS) throw diverged(what, step, recipe.learningRate)
    goBack(state, state.sound!)
    stepper.forget()
    state.progress.setbacks = setbacks + 1
    state.progress.rateFactor = rateFactor / 2
    const learningRate = recipe.learningRate * state.progress.rateFactor
    random = streamFrom(state.progress.random)
    loop.onSetback?.({ what, step, backTo: state.progress.step, learningRate })
  }

  /** Saves what can be gone on from: ruined weights go back first, as they would a step later. */
  async function save(): Promise<void> {
    if (!loop.save) return
    await settle()
    const ruined = unsoundArray(state)
    if (ruined) setBack(`${ruined} that are no numbers`)
    await loop.save(state)
  }

  /**
   * Up to `stride` steps, and no further than the next dev measurement; none where a device had no room and is asked for less
   * from now on, from the last sound point. Where steps end for good, the state is saved first.
   */
  async function makeSteps(): Promise<readonly MadeStep[]> {
    const { step } = state.progress
    const count = Math.min(stepper.stride, recipe.steps - step, recipe.devEvery - (step % recipe.devEvery))
    try {
      return await stepper.advance(state, random, count)
    } catch (thrown) {
      const { code, detail } = backToSound(thrown)
      if (code !== 'DEVICE_MEMORY' || !stepper.shrink()) {
        await loop.save?.(state)
        throw thrown
      }
      if (!shrunk)
        loop.onWarning?.(`${detail.got}: from now on candidates meet the queries of a step in smaller blocks`)
      shrunk = true
      return []
    }
  }

  async function settle(): Promise<void> {
    try {
      await stepper.settle(state)
    } catch (thrown) {
      backToSound(thrown)
      await loop.save?.(state)
      throw thrown
    }
  }

  /** What a device has not given back is lost with it. */
  function backToSound(thrown: unknown): HydraError {
    if (!(thrown instanceof HydraError) || !RESUMABLE.includes(thrown.code)) throw thrown
    const { setbacks, rateFactor } = state.progress
    goBack(state, state.sound!)
    Object.assign(state.progress, { setbacks, rateFactor })
    stepper.forget()
    random = streamFrom(state.progress.random)
    return thrown
  }

  /** @returns what is wrong with a step, or null when it was taken into the progress */
  function takeStep(made: MadeStep): string | null {
    const { progress } = state
    progress.step++
    const fault = faultOf(made)
    if (fault) return fault
    progress.random = made.random
    progress.firstLoss ??= made.loss
    progress.lossSum += made.loss
    progress.lossCount++
    const { loss, norm, taskLosses } = made
    loop.onStep(progress.step, { loss, norm, taskLosses })
    return null
  }

  let shrunk = false
  let stopped = state.progress.step >= recipe.steps
  while (!stopped) {
    // Lets messages through: progress out, cancel and pause in.
    await new Promise(setImmediate)
    throwIfCancelled(loop.signal)
    if (loop.pause?.aborted) {
      await save()
      throw paused()
    }
    const made = await makeSteps()
    if (made.length === 0) continue
    let fault: string | null = null
    for (const one of made) {
      fault = takeStep(one)
      if (fault) break
    }
    if (fault) {
      setBack(fault)
      continue
    }
    const { progress } = state
    const last = progress.step === recipe.steps
    if (last || progress.step % recipe.devEvery === 0) {
      await settle()
      const dev = await loop.measureDev(state.parameters, progress.step)
      const ill = unsoundArray(state)
      const ruin = ill ? `${ill} that are no numbers` : ruinOf(state, dev)
      if (ruin) {
        setBack(ruin)
        continue
      }
      stopped = noteDev(state, dev, recipe)
      state.sound = copyPoint(state)
    }
    if (!stopped && loop.saveDue?.()) await save()
  }
  if (!state.best) throw new RangeError('a recipe has at least one step')
  const { startDev } = state.progress
  if (startDev !== null && state.best.dev < startDev) {
    loop.onWarning?.(
      `after training the dev measure is ${state.best.dev.toFixed(4)}, and ${startDev.toFixed(4)} before its first step: ` +
        'what was learned ranks worse than the start. To try: a lower learning rate, a greater identity penalty, more train queries.',
    )
  }
  return state.best
}

/** Takes a sound dev measurement into the state. @returns whether training ends here */
function noteDev(state: TrainingState, dev: number, recipe: LoopRecipe): boolean {
  const { progress } = state
  const better = progress.bestDev === null || dev > progress.bestDev
  if (better) progress.bestDev = dev
  progress.sinceBest = better ? 0 : progress.sinceBest + 1
  progress.lossSum = 0
  progress.lossCount = 0
  const ends =
    progress.step === recipe.steps || (recipe.patience !== null && progress.sinceBest >= recipe.patience)
  if (recipe.keep === 'last' ? ends : better) {
    state.best = { step: progress.step, dev, parameters: copyParameters(state.parameters) }
  }
  return ends
}

/** Which number of a step is none, or null: the tasks of the batch first, since a text is easier to look at than a weight. */
function faultOf({ loss, norm, illGradient, taskLosses }: MadeStep): string | null {
  if (Number.isFinite(loss) && Number.isFinite(norm)) return null
  const ill = taskLosses.filter((task) => !Number.isFinite(task.loss))
  const named = ill.length > 0 ? ill : taskLosses
  const tasks = named.slice(0, NAMED_TASKS).map(({ task }) => task)
  const more = named.length > tasks.length ? ` and ${named.length - tasks.length} more` : ''
  const batch = tasks.length > 0 ? ` in a batch of ${tasks.join(', ')}${more}` : ''
  if (!Number.isFinite(loss)) return `a loss of ${loss}${batch}`
  return `a gradient of ${illGradient ?? 'all weights'} that is no number${batch}`
}

/**
 * Cosine losses are bounded, so a ruined network may never give a NaN; what it gives is worse rankings and a loss no lower
 * than that of the first step. Both must hold: a dev measure alone may fall by overfitting, and is noisy where it is low.
 */
function ruinOf({ progress }: TrainingState, dev: number): string | null {
  const { startDev, firstLoss, lossSum, lossCount } = progress
  const loss = lossSum / lossCount
  if (!Number.isFinite(dev)) return `a dev measure of ${dev}`
  if (!startDev || firstLoss === null || dev >= RUINED_SHARE * startDev || loss < firstLoss) return null
  const devs = `the dev measure fell from ${startDev.toFixed(3)} to ${dev.toFixed(3)}`
  return `${devs} and the loss rose from ${firstLoss.toFixed(2)} to ${loss.toFixed(2)}`
}

function noStart(dev: number): HydraError {
  return new HydraError('TRAINING_DIVERGED', {
    expected: 'a dev measure before the first step',
    got: String(dev),
    remedy:
      'The vectors of this encoder or the start of this network are not sound: try another encoder or recipe.',
  })
}

function diverged(what: string, step: number, learningRate: number): HydraError {
  return new HydraError('TRAINING_DIVERGED', {
    expected: 'a training that learns',
    got: `${what}, at step ${step}; the learning rate was halved ${MOST_SETBACKS} times before`,
    remedy: `Lower the learning rate (now ${learningRate}) or look at the texts of the tasks named here; nothing of this training was kept.`,
  })
}
