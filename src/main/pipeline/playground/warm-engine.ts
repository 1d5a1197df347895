import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Collection } from '../../engine/datasets/collection'
import type { Encoder } from '../../engine/encoders/encoder'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import { type CorpusIndex, createCorpusIndex } from '../../engine/retrieval/corpus-index'
import { bm25 as bm25Teacher } from '../../engine/teachers/bm25'
import { type Bm25Index, createBm25Index } from '../../engine/teachers/bm25-index'
import { chooseBackend } from '../../engine/training/backends'
import type { Checkpoint } from '../../engine/training/checkpoint'
import { readRun } from '../../workspace/run-folder'
import { openCollection } from '../datasets/load-run-tasks'
import { encodeCollection } from '../encoding/encode-tasks'
import { rememberingEncoder } from '../encoding/memoised-encoder'
import { readCheckpoint } from '../evaluation/evaluate-run'
import type { OperationContext } from '../operation'
import { TASK_CARD, type TrainedSystem, trainedName } from '../training/trained-systems'

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
  /** Made at the first call: seconds for a large corpus. */
  bm25(): Bm25Index
  /**
   * Scores [documents] that do not depend on the card being typed, kept by name (which query, which ranker) for as long as
   * the same query is asked.
   */
  keepScores(name: string, make: () => Promise<Float32Array | null>): Promise<Float32Array | null>
}

/** What the session process keeps between requests: a few of each kind, the oldest let go. */
const MOST_KEPT = 4
/** Rows of scores kept with a corpus: 20,000 documents are 80 KB each. */
const MOST_ROWS = 12

function keep<Value>(
  kept: Map<string, Promise<Value>>,
  key: string,
  open: () => Promise<Value>,
  close: (value: Value) => unknown,
  most = MOST_KEPT,
) {
  let value = kept.get(key)
  if (!value) {
    value = open()
    // A failure is not worth keeping: the next request tries again.
    value.catch(() => kept.delete(key))
  }
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > most) {
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
  const collections = new Map<string, Promise<Collection>>()
  const networks = new Map<string, Promise<WarmNetwork | null>>()

  function collection(dataset: string, seed: number, context: OperationContext): Promise<Collection> {
    const key = `${context.workspace}/${dataset}/${seed}`
    return keep(
      collections,
      key,
      () => openCollection(dataset, seed, context),
      () => {},
    )
  }

  /** The network of one system; null where the run has not trained it. */
  function networkOf(
    id: string,
    system: TrainedSystem,
    context: OperationContext,
  ): Promise<WarmNetwork | null> {
    const open = async (): Promise<WarmNetwork | null> => {
      const run = await readRun(context.workspace, id)
      const checkpoint = await readCheckpoint(context.workspace, id, system)
      if (!checkpoint) return null
      await chooseBackend('auto')
      return { run, checkpoint, network: createHypernetwork(checkpoint.description, checkpoint.parameters) }
    }
    return keep(networks, `${context.workspace}/${id}/${trainedName(system)}`, open, (opened) =>
      opened?.network.dispose(),
    )
  }

  return {
    collection,
    networkOf,

    encoder: (id: string, context: OperationContext) =>
      keep(
        encoders,
        id,
        async () => rememberingEncoder(await context.openEncoder(id, 1)),
        (encoder) => encoder.dispose(),
      ),

    /** @param seed whose exemplars an ordinary collection's card shows */
    corpus(dataset: string, seed: number, encoder: Encoder, context: OperationContext): Promise<WarmCorpus> {
      const open = async (): Promise<WarmCorpus> => {
        const read = await collection(dataset, seed, context)
        const encoded = await encodeCollection({ collection: read, tasks: [], trained: [], encoder }, context)
        const index = await createCorpusIndex({
          documents: encoded.documents,
          ids: read.documents.ids,
          threads: 2,
        })
        let lexical: Bm25Index | null = null
        const bm25 = () => {
          lexical ??= createBm25Index(read.documents.texts, bm25Teacher.options.parse({}))
          return lexical
        }
        const rows = new Map<string, Promise<Float32Array | null>>()
        const keepScores: WarmCorpus['keepScores'] = (name, make) =>
          keep(rows, name, make, () => {}, MOST_ROWS)
        return { encoded, index, bm25, keepScores }
      }
      return keep(corpora, `${context.workspace}/${dataset}/${seed}/${encoder.id}`, open, ({ index }) =>
        index.dispose(),
      )
    },

    async network(id: string, context: OperationContext): Promise<WarmNetwork> {
      const opened = await networkOf(id, TASK_CARD, context)
      if (!opened) throw untrained(await readRun(context.workspace, id))
      return opened
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
