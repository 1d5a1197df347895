import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/run'
import type { Encoder } from '../../engine/encoders/encoder'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import { type CorpusIndex, createCorpusIndex } from '../../engine/retrieval/corpus-index'
import { chooseBackend } from '../../engine/training/backends'
import type { Checkpoint } from '../../engine/training/checkpoint'
import { readRun } from '../../workspace/run-folder'
import type { OperationContext } from '../operation'
import { readCheckpoint } from './evaluate-run'
import { encodeCollection } from './task-encoding'
import { openCollection } from './task-loading'

/** A run's network, ready to compile cards. */
export interface WarmNetwork {
  readonly run: RunRecord
  readonly checkpoint: Checkpoint
  readonly network: Hypernetwork
}

/** A corpus with its vectors, ready to be searched. */
export interface WarmCorpus {
  readonly encoded: EncodedCollection
  readonly index: CorpusIndex
}

/** What the session process keeps between requests: a few of each kind, the oldest let go. */
const MOST_KEPT = 3

function keep<Value>(
  kept: Map<string, Promise<Value>>,
  key: string,
  open: () => Promise<Value>,
  close: (value: Value) => unknown,
) {
  let value = kept.get(key)
  if (!value) {
    value = open()
    // A failure is not worth keeping: the next request tries again.
    value.catch(() => kept.delete(key))
  }
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > MOST_KEPT) {
    const [oldest, gone] = kept.entries().next().value as [string, Promise<Value>]
    kept.delete(oldest)
    void gone.then(close, () => undefined)
  }
  return value
}

/** The one piece of state of the session process. */
export function createWarmEngine() {
  const encoders = new Map<string, Promise<Encoder>>()
  const corpora = new Map<string, Promise<WarmCorpus>>()
  const networks = new Map<string, Promise<WarmNetwork>>()
  return {
    encoder: (id: string, context: OperationContext) =>
      keep(
        encoders,
        id,
        () => context.openEncoder(id, 1),
        (encoder) => encoder.dispose(),
      ),

    /** @param seed whose exemplars an ordinary collection's card shows */
    corpus(dataset: string, seed: number, encoder: Encoder, context: OperationContext): Promise<WarmCorpus> {
      const open = async (): Promise<WarmCorpus> => {
        const collection = await openCollection(dataset, seed, context)
        const encoded = await encodeCollection({ collection, tasks: [], trained: [], encoder }, context)
        const index = await createCorpusIndex({
          documents: encoded.documents,
          ids: collection.documents.ids,
          threads: 2,
        })
        return { encoded, index }
      }
      return keep(corpora, `${context.workspace}/${dataset}/${seed}/${encoder.id}`, open, ({ index }) =>
        index.dispose(),
      )
    },

    network(id: string, context: OperationContext): Promise<WarmNetwork> {
      const open = async (): Promise<WarmNetwork> => {
        const run = await readRun(context.workspace, id)
        const checkpoint = await readCheckpoint(context.workspace, id, 'task card')
        if (!checkpoint) throw untrained(run)
        await chooseBackend('auto')
        return { run, checkpoint, network: createHypernetwork(checkpoint.description, checkpoint.parameters) }
      }
      return keep(networks, `${context.workspace}/${id}`, open, ({ network }) => network.dispose())
    },
  }
}

export type WarmEngine = ReturnType<typeof createWarmEngine>

function untrained(run: RunRecord): HydraError {
  return new HydraError('RUN_INCOMPLETE', {
    expected: 'a run with a trained task-card network',
    got: `${run.id}, which is ${run.state} and has no checkpoint`,
    remedy: 'Choose a run that is done (`hydra runs list`), or train one.',
  })
}
