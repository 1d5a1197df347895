import type { OptionSpec } from '../../arguments/command'
import { TRAIN_OPTIONS, type TrainArgs } from '../../arguments/train-request'
import { usageError } from '../../arguments/usage-error'

/** One thing that differs between the points of a sweep, and every value that it takes. */
export interface Axis {
  readonly name: string
  readonly values: readonly string[]
}

/** Values of one point, by the name of their axis. */
export type Settings = Readonly<Record<string, string>>

/** All that may be trained: the last point of a curve. */
const ALL = 'all'
const SPECS: Readonly<Record<string, OptionSpec>> = TRAIN_OPTIONS

/** `--vary NAME=a,b,c`, several times, and `--curve 5,10,all`. Throws USAGE. */
export function readAxes(varied: readonly string[], curve: string | undefined): Axis[] {
  const axes = varied.map((text) => {
    const at = text.indexOf('=')
    const [name, values] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1)]
    if (at < 1 || name === '')
      throw usageError('--vary NAME=a,b, such as --vary rank=4,8,16', `--vary ${text}`)
    return axisOf(name, values, `--vary ${text}`)
  })
  if (curve !== undefined) axes.push(axisOf('trained', curve, `--curve ${curve}`))
  const twice = axes.find(({ name }, i) => axes.findIndex((other) => other.name === name) < i)
  if (twice) throw usageError('each option varied once', `${twice.name} twice`)
  return axes
}

/** Values are parted by commas, or by bars where they have commas of their own. */
function axisOf(name: string, text: string, said: string): Axis {
  const values = text.split(text.includes('|') ? '|' : ',').map((value) => value.trim())
  if (values.includes('')) throw usageError('values, none of them empty', said)
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice !== undefined) throw usageError('each value once', `${twice} twice in ${said}`)
  return { name, values }
}

/** Every combination, the last axis running fastest; of no axis the one that varies nothing. */
export function expandGrid(axes: readonly Axis[]): Settings[] {
  return axes.reduce<Settings[]>(
    (points, { name, values }) =>
      points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  )
}

/** The command line of one point: an option of `train` by its name, anything else as `--set` has it. Throws USAGE. */
export function argsOfPoint(args: TrainArgs, point: Settings): TrainArgs {
  return Object.entries(point).reduce((said, [name, value]) => withSetting(said, name, value), args)
}

function withSetting(args: TrainArgs, name: string, value: string): TrainArgs {
  const spec = name === 'set' ? undefined : SPECS[name]
  if (!spec) {
    const set = args.set ?? []
    if (set.some((one) => one.split('=', 1)[0].trim() === name)) throw saidTwice(name, `--set ${name}`)
    return { ...args, set: [...set, `${name}=${value}`] }
  }
  if (name !== 'tasks' && args[name as keyof TrainArgs] !== undefined) throw saidTwice(name, `--${name}`)
  if (spec.choices && !spec.choices.includes(value))
    throw usageError(`${name} ${spec.choices.join(' or ')}`, `“${value}”`)
  return { ...args, [name]: name === 'trained' && value === ALL ? undefined : value }
}

function saidTwice(name: string, option: string): Error {
  return usageError(
    `${name} either varied or settled`,
    `both --vary ${name} and ${option}`,
    'Leave one of them out.',
  )
}
