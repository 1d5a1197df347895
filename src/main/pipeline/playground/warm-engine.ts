import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import { indexLines, type LineIndex } from '../../engine/datasets/browsing/line-index'
import type { Collection } from '../../engine/datasets/collection'
import type { Encoder } from '../../engine/encoders/encoder'
import { remoteTokenReader } from '../../engine/encoders/remote/remote-tokens'
import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { loadTokenReader, type TokenReader } from '../../engine/encoders/token-reader'
import type { CardVectors } from '../../engine/hypernet/card-vectors'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { IndexStore } from '../../engine/indexes/index-engine'
import { inMemory, type Matrix } from '../../engine/numeric/matrix'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import { type CorpusIndex, createCorpusIndex } from '../../engine/retrieval/corpus-index'
import { bm25 as bm25Teacher } from '../../engine/teachers/bm25'
import { type Bm25Index, createBm25Index } from '../../engine/teachers/bm25-index'
import type { Checkpoint } from '../../engine/training/checkpoint'
import { chooseHeadBackend } from '../../engine/training/choose-backend'
import { workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import type { TrainedCards } from '../cards/nearest-cards'
import { openCollection } from '../datasets/load-run-tasks'
import { encodeCollection } from '../encoding/encode-collections'
import { memoisedEncoder } from '../encoding/memoised-encoder'
import { readCheckpoint } from '../evaluation/evaluate-run'
import { openIndex, type ReachedIndex } from '../indexes/open-index'
import { memoisedPromises } from '../memoised-promises'
import type { OperationContext } from '../operation'
import type { CompiledHeads } from '../serving/compiled-heads'
import { TASK_CARD, type TrainedSystem, trainedName } from '../training/trained-systems'
import type { HeldCard } from './held-card'
import { leasedResources } from './leased-resources'

/** A run's network, ready to compile cards. */
export interface WarmNetwork {
  readonly run: RunRecord
  readonly checkpoint: Checkpoint
  readonly network: Hypernetwork
}

/** A corpus with its vectors, ready to be searched. */
export interface WarmCorpus {
  readonly encoded: EncodedCollection<Matrix>
  readonly index: CorpusIndex
  /** Made at the first call: seconds for a large corpus. */
  bm25(): Bm25Index
  /**
   * Scores [documents] that do not depend on the card being typed, memoised by name (which query, which ranker) for as long
   * as the same query is asked.
   */
  memoisedScores(name: string, make: () => Promise<Float32Array | null>): Promise<Float32Array | null>
  /** Vectors of cards by their words: those of the card on screen stay while the query is typed. */
  memoisedCards(name: string, make: () => Promise<CardVectors>): Promise<CardVectors>
}

/** Encoders, corpora, collections and networks that the session process has open between requests, of each. */
const MOST_OPEN = 4
/** A query needs one, and no more are started for it; a corpus that is searched for the first time is worth two. */
const ENCODER_PROCESSES = 2
/** Files whose lines are known: two of a dataset that is browsed, at 125 kB for a million lines. */
const MOST_INDEXED = 16
/** Rows of scores cached with a corpus: 20,000 documents are 80 KB each. */
const MOST_ROWS = 12
/** Cards whose vectors are cached with a corpus: 5 KB each. */
const MOST_CARDS = 128
/** Cards whose heads are held: this one, the other, none, and the last key's. Where documents have a head, each holds a corpus. */
const MOST_HELD = 4
/** Cards that a service has compiled: 590 KB of head each. */
const MOST_COMPILED = 64

/** A dataset as it was last imported: removed, or imported anew in its place, it is another one. */
async function importOf(dataset: string, { workspace }: OperationContext): Promise<string> {
  const path = workspacePaths(workspace).datasetRecord(dataset)
  const written = await stat(path).catch(() => null)
  return `${path}/${written?.mtimeMs ?? 'gone'}`
}

/**
 * The one piece of state of the session process. A request holds what it opened until `release`, so that nothing is closed
 * under it by what others open meanwhile.
 */
export function createWarmEngine() {
  const encoders = leasedResources<Encoder>(MOST_OPEN, (encoder) => encoder.dispose())
  const corpora = leasedResources<WarmCorpus>(MOST_OPEN, ({ index }) => index.dispose())
  const collections = memoisedPromises<Collection>(MOST_OPEN)
  const readers = memoisedPromises<TokenReader>(MOST_OPEN)
  const trainedCards = leasedResources<TrainedCards>(MOST_OPEN, () => undefined)
  const indexes = memoisedPromises<LineIndex>(MOST_INDEXED)
  const splits = memoisedPromises<Int32Array>(MOST_INDEXED)
  const heldCards = leasedResources<HeldCard>(MOST_HELD, (held) => held.dispose())
  const numbers = new WeakMap<object, number>()
  let opened = 0
  const stores = leasedResources<IndexStore>(MOST_OPEN, (store) => store.close())
  const networks = leasedResources<WarmNetwork | null>(MOST_OPEN, (opened) => opened?.network.dispose())

  async function collection(dataset: string, seed: number, context: OperationContext): Promise<Collection> {
    return collections(`${await importOf(dataset, context)}/${seed}`, () =>
      openCollection(dataset, seed, context),
    )
  }

  /** The network of one system; null where the run has not trained it. */
  function networkOf(
    id: string,
    system: TrainedSystem,
    context: OperationContext,
  ): Promise<WarmNetwork | null> {
    const name = `${context.workspace}/${id}/${trainedName(system)}`
    return networks.lease(context, name, async () => {
      const run = await readRun(context.workspace, id)
      const checkpoint = await readCheckpoint(context.workspace, id, system)
      if (!checkpoint) return null
      await chooseHeadBackend('auto')
      return { run, checkpoint, network: createHypernetwork(checkpoint.description, checkpoint.parameters) }
    })
  }

  return {
    /**
     * The heads of a card, by its words. They hold on to what they are made from, so that they are only ever found beside the
     * very same: of something that was closed and opened anew they are made anew.
     */
    heldCard(
      context: OperationContext,
      from: readonly object[],
      words: string,
      open: () => Promise<HeldCard>,
    ): Promise<HeldCard> {
      for (const part of from) if (!numbers.has(part)) numbers.set(part, ++opened)
      return heldCards.lease(context, [...from.map((part) => numbers.get(part)), words].join(' '), open)
    },

    collection,
    networkOf,
    /** Of a run on a dataset, with as many examples on each: seconds where hundreds were trained. */
    trainedCards: trainedCards.lease,

    /** How an encoder's tokenizer takes texts apart. */
    tokenReader: (id: string, { appRoot, workspace }: OperationContext) =>
      readers(`${workspace}/${id}`, async () => {
        const roots = [join(appRoot, 'resources', 'models'), workspacePaths(workspace).models]
        const model = await resolveEncoder(id, roots)
        return model.kind === 'remote' ? remoteTokenReader(model) : loadTokenReader(model)
      }),

    /** Where the lines of a dataset's file begin. @param version the dataset's hash: another import has other lines */
    lines: (path: string, version: string): Promise<LineIndex> =>
      indexes(`${path} ${version}`, () => indexLines(path)),

    /** Heads that a service answers with, by all that they depend on. */
    compiledHeads: memoisedPromises<CompiledHeads>(MOST_COMPILED),

    /** Rows of the queries of a split. */
    split: (name: string, read: () => Promise<Int32Array>): Promise<Int32Array> => splits(name, read),

    encoder: (id: string, context: OperationContext) =>
      encoders.lease(context, id, async () =>
        memoisedEncoder(await context.openEncoder(id, ENCODER_PROCESSES)),
      ),

    /** @param seed whose exemplars an ordinary collection's card shows */
    async corpus(
      dataset: string,
      seed: number,
      encoder: Encoder,
      context: OperationContext,
    ): Promise<WarmCorpus> {
      const name = `${await importOf(dataset, context)}/${seed}/${encoder.id}`
      return corpora.lease(context, name, async (opening) => {
        const read = await collection(dataset, seed, context)
        const stored = await encodeCollection(
          { collection: read, tasks: [], trained: [], encoder },
          { ...context, ...opening },
        )
        // Who searches waits: a corpus that lies on disk would be read for each query.
        const encoded = { ...stored, documents: inMemory(stored.documents) }
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
        return {
          encoded,
          index,
          bm25,
          memoisedScores: memoisedPromises(MOST_ROWS),
          memoisedCards: memoisedPromises(MOST_CARDS),
        }
      })
    },

    /** An index of an engine, reached once. It looks itself whether it was pushed anew. */
    index: (index: ReachedIndex, context: OperationContext): Promise<IndexStore> =>
      stores.lease(context, `${context.workspace} ${JSON.stringify(index)}`, () =>
        openIndex(context.workspace, index),
      ),

    async network(id: string, context: OperationContext): Promise<WarmNetwork> {
      const opened = await networkOf(id, TASK_CARD, context)
      if (!opened) throw untrained(await readRun(context.workspace, id))
      return opened
    },

    /** The request of this context, known by its signal, has ended. */
    release(request: Pick<OperationContext, 'signal'>): void {
      for (const kind of [encoders, corpora, networks, trainedCards, heldCards, stores]) kind.release(request)
    },
  }
}

export type WarmEngine = ReturnType<typeof createWarmEngine>

function untrained(run: RunRecord): HydraError {
  return new HydraError('RUN_INCOMPLETE', {
    expected: 'a run with a trained task-card network',
    got: `${run.id}, which is ${run.state} and has no checkpoint`,
    remedy: 'Choose a run that is done, or train one.',
    command: 'hydra runs list',
  })
}
