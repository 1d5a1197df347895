import type { Contract, Effect } from '../../shared/contract'

/** Paths of the procedures whose stated effect is this one. */
type PathsThat<Kind extends Effect> = {
  [Namespace in keyof Contract & string]: {
    [Name in keyof Contract[Namespace] & string]: Contract[Namespace][Name] extends {
      '~orpc': { meta: { effect: Kind } }
    }
      ? `${Namespace}.${Name}`
      : never
  }[keyof Contract[Namespace] & string]
}[keyof Contract & string]

/**
 * The calls that the contract says are not to be repeated. The contract itself brings zod, which the window must not run,
 * so its statements come as types: this list does not compile while it lacks one of them or has one too many.
 */
const CHANGING_CALLS: Readonly<Record<PathsThat<'changes'>, true>> = {
  'datasets.import': true,
  'datasets.delete': true,
  'datasets.lint': true,
  'datasets.generate': true,
  'cards.save': true,
  'cards.remove': true,
  'cards.restore': true,
  'runs.pause': true,
  'runs.cancel': true,
  'runs.resume': true,
  'training.start': true,
  'training.demo': true,
  'reproductions.start': true,
  'evaluation.start': true,
  'evaluation.startMatrix': true,
  'evaluation.startVariants': true,
  'evaluation.startCurve': true,
  'indexes.push': true,
  'models.add': true,
  'models.remove': true,
  'teachers.audit': true,
}

/** Whether a call whose answer was lost may be made again. */
export function isRepeatable(path: readonly string[]): boolean {
  return !Object.hasOwn(CHANGING_CALLS, path.join('.'))
}
