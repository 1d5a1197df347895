import { LRUCache } from 'lru-cache'
import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import type { CompileSpec } from '../../../shared/serving/api-schemas'
import { nearestIds } from '../../engine/datasets/nearest-ids'
import { listCardFiles } from '../../workspace/card-files'
import { workspacePaths } from '../../workspace/paths'

/** Cards that were handed in and have a name: what was asked for longest ago goes first. */
const MOST_NAMED = 1024
/** Names that an unknown one is compared with, in this process: some milliseconds. */
const MOST_COMPARED = 256

/** Cards by the names that requests use: those that were compiled here, tasks of the run, cards of the workspace. */
export interface NamedCards {
  /** @throws MODEL_MISSING */
  find(name: string): Promise<CompileSpec>
  /**
   * @returns what gives the card the name, once it is compiled
   * @throws CARD_EXISTS where the name means another one, unless that is to be replaced
   */
  claim(name: string, spec: CompileSpec, replace: boolean): Promise<() => void>
  list(): Promise<string[]>
}

/** @param run whose network compiles them; null: there are none */
export function openNamedCards(options: {
  readonly workspace: string
  readonly run: Pick<RunRecord, 'seen' | 'unseen'> | null
  readonly encoder: string
  /** Where a card is no task's and its request says nothing. */
  readonly collection: string | undefined
}): NamedCards {
  const { workspace, run, encoder, collection } = options
  const handedIn = new LRUCache<string, CompileSpec>({ max: MOST_NAMED })
  const tasks = new Set(run ? [...run.seen, ...run.unseen] : [])

  async function known(name: string): Promise<CompileSpec | undefined> {
    if (!run) return undefined
    const named = handedIn.get(name)
    if (named) return named
    if (tasks.has(name)) return { card: { task: name }, handOut: 'rule' }
    const card = (await ownCards()).find(({ id }) => id === name)
    return card && { card: { card }, collection, handOut: 'rule' }
  }

  const ownCards = () => listCardFiles(workspacePaths(workspace).cards)
  const list = async () =>
    run ? [...new Set([...handedIn.keys(), ...tasks, ...(await ownCards()).map(({ id }) => id)])] : []

  return {
    async find(name) {
      const spec = await known(name)
      if (spec) return spec
      const near = nearestIds(name, [encoder, ...(await list())].slice(0, MOST_COMPARED), 3)
      throw new HydraError('MODEL_MISSING', {
        expected: `${encoder}, or a card that has a name here`,
        got: JSON.stringify(name),
        remedy: `${near.length > 0 ? `Nearest: ${near.join(', ')}. ` : ''}Compile a card to give it a name.`,
      })
    },

    async claim(name, spec, replace) {
      const before = await known(name)
      const isOther = before !== undefined && JSON.stringify(before) !== JSON.stringify(spec)
      if (name === encoder || (isOther && !replace)) {
        throw new HydraError('CARD_EXISTS', {
          expected: 'the id of a card that is new, or the very same card',
          got: name === encoder ? `${name}, the encoder’s name` : name,
          remedy: 'Choose another id, or replace the card.',
        })
      }
      return () => handedIn.set(name, spec)
    },

    list,
  }
}
