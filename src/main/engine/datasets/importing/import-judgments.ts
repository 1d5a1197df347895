import { HydraError } from '../../../../shared/errors'
import type { DatasetRecord, HashedSplits } from '../../../../shared/schemas/dataset'
import { type JudgmentLine, QRELS_HEADER, QRELS_HEADER_WITH_CARDS } from './beir-records'
import type { DatasetSource, SourceFile } from './dataset-layout'
import type { DatasetFile } from './dataset-writer'
import { drawSplits } from './draw-splits'
import { importFaults } from './import-faults'
import type { ImportedCards, ImportedTexts, Walk } from './import-walk'
import { readSourceJudgments } from './source-judgments'
import { splitOf } from './split-names'

/** One split while it is copied: its counts and the queries that count. */
interface SplitTally {
  readonly relevant: Set<string>
  /**
   * Judged documents of each query and card together, since a query may be asked on several cards; documents as numbers, to
   * hold half a million judgments in little memory.
   */
  readonly asked: Map<string, Set<number>>
  judgments: number
}

/** Percent of the train queries that become dev where a collection has none. */
const DEV_PERCENT = 10

/**
 * Checks and copies all qrels files; draws dev from train where the collection has train and no dev.
 * @param hashed percent of the judged queries for train, dev and test, where the collection has no train and this was asked for
 */
export async function importJudgments(
  source: DatasetSource,
  walk: Walk,
  texts: ImportedTexts,
  hashed: HashedSplits | null,
): Promise<Pick<DatasetRecord, 'splits' | 'devFrom'> & { splitFiles: Record<string, string> }> {
  const given = new Map(
    [...source.files]
      .filter(([part]) => part.startsWith('qrels/'))
      .map(([part, file]) => [part.slice('qrels/'.length, -'.tsv'.length), file] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  for (const [name, file] of given) checkSplitName(name, file)
  const splitFiles = otherNames(given)
  const files = new Map([...given].map(([name, file]) => [splitFiles.get(name) ?? name, file]))

  const target = hashed
    ? await hashedTarget(files, hashed, walk)
    : await devTarget(files.get('train'), files.has('dev'), walk)

  const copy = judgmentCopy(walk, texts)
  try {
    for (const [split, file] of files) {
      if (!hashed) await copy.open(split)
      await copy.add(file, (query) => target(split, query))
    }
  } finally {
    await copy.close()
  }
  const { tallies } = copy

  walk.faults.throwIfAny()
  if (![...tallies.values()].some(({ relevant }) => relevant.size > 0)) {
    throw new HydraError('DATASET_EMPTY', {
      expected: 'at least one judgment with a positive score',
      got: 'none in any split',
      remedy: 'Check the third column of the qrels files.',
      where: [...files.values()][0].where,
    })
  }
  const splits = Object.fromEntries(
    [...tallies].map(([name, { asked, judgments }]) => [name, { queries: asked.size, judgments }]),
  )
  const named = Object.fromEntries([...splitFiles].map(([name, split]) => [split, name]))
  const devFrom = hashed ? 'hashed' : files.has('dev') ? 'given' : tallies.has('dev') ? 'train' : 'none'
  return { splits, splitFiles: named, devFrom }
}

/** The split of a query of a file's split. */
type Target = (split: string, query: string) => string

async function devTarget(train: SourceFile | undefined, hasDev: boolean, walk: Walk): Promise<Target> {
  if (!train || hasDev) return (split) => split
  const dev = drawSplits(await judgedQueries([train], walk), [['dev', DEV_PERCENT]])
  return (split, query) => (split === 'train' ? (dev.get(query) ?? split) : split)
}

/** Dev and test, and parts of them such as `test-supports`. */
const HASHED = /^(dev|test)(?=-|$)/

/** @throws DATASET_LAYOUT where there is a train split, or too few queries for three */
async function hashedTarget(
  files: ReadonlyMap<string, SourceFile>,
  hashed: HashedSplits,
  walk: Walk,
): Promise<Target> {
  const train = files.get('train')
  if (train) throw hasTrain(train)
  const judged = await judgedQueries(
    [...files].flatMap(([split, file]) => (HASHED.test(split) ? [file] : [])),
    walk,
  )
  const { train: forTrain, dev, test } = hashed
  const drawn = drawSplits(judged, [
    ['train', forTrain],
    ['dev', dev],
    ['test', test],
  ])
  if (new Set(drawn.values()).size < 3) throw tooFew(judged.size, [...files.values()][0])
  return (split, query) => split.replace(HASHED, (own) => drawn.get(query) ?? own)
}

/**
 * Splits by the names of files that call them otherwise: `validation` is dev. Where there is a file of the right name, one
 * of another name is a split of its own, which the linter tells of; two other names for one split are an error.
 */
function otherNames(given: ReadonlyMap<string, SourceFile>): Map<string, string> {
  const renamed = new Map<string, string>()
  for (const [name, file] of given) {
    const split = splitOf(name)
    if (split === name || given.has(split)) continue
    if ([...renamed.values()].includes(split)) {
      const names = [...given.keys()].filter((one) => splitOf(one) === split)
      throw new HydraError('DATASET_LAYOUT', {
        expected: `one file for ${split}`,
        got: names.map((one) => `qrels/${one}.tsv`).join(' and '),
        remedy: `Call the one that should be used qrels/${split}.tsv.`,
        where: file.where,
      })
    }
    renamed.set(name, split)
  }
  return renamed
}

/** The splits being written, whichever file a judgment comes from. */
function judgmentCopy(walk: Walk, texts: ImportedTexts) {
  const header = `${texts.cards ? QRELS_HEADER_WITH_CARDS : QRELS_HEADER}\n`
  const tallies = new Map<string, SplitTally>()
  const out = new Map<string, DatasetFile>()
  const cardsOf = cardReader(texts.cards)
  /** Judged documents that the corpus lacks: their numbers follow those of its own. */
  const lacking = new Map<string, number>()
  const numberOf = (document: string): number => {
    const known = texts.documents.get(document) ?? lacking.get(document)
    if (known !== undefined) return known
    const number = texts.documents.size + lacking.size
    lacking.set(document, number)
    return number
  }

  async function open(name: string): Promise<SplitTally> {
    const there = tallies.get(name)
    if (there) return there
    const tally: SplitTally = { relevant: new Set(), asked: new Map(), judgments: 0 }
    tallies.set(name, tally)
    const created = await walk.writer.create(`qrels/${name}.tsv`)
    out.set(name, created)
    await created.write(header)
    return tally
  }

  return {
    tallies,
    open,
    async add(file: SourceFile, target: (query: string) => string): Promise<void> {
      for await (const { first, judgments, bytes } of readSourceJudgments(file, walk.faults, walk.signal)) {
        const lines = new Map<string, string[]>()
        for (let i = 0; i < judgments.length; i++) {
          const judgment = judgments[i]
          if (!judgment) continue
          const where = () => `${file.where}:${first + i}`
          if (!texts.queries.has(judgment.query)) {
            walk.faults.add(unknownQuery(judgment, texts.queries, where()))
            continue
          }
          const number = numberOf(judgment.document)
          const name = target(judgment.query)
          const tally = await open(name)
          if (judgment.grade > 0) tally.relevant.add(judgment.query)
          for (const card of walk.faults.attempt(() => cardsOf(judgment, where)) ?? []) {
            const key = texts.cards ? `${card}\t${judgment.query}` : judgment.query
            const documents = tally.asked.get(key) ?? new Set()
            if (documents.has(number)) {
              walk.faults.add(judgedTwice(judgment, where()))
              break
            }
            tally.asked.set(key, documents.add(number))
            tally.judgments++
            const line = `${judgment.query}\t${judgment.document}\t${judgment.grade}${texts.cards ? `\t${card}` : ''}\n`
            const batch = lines.get(name)
            if (batch) batch.push(line)
            else lines.set(name, [line])
          }
        }
        for (const [name, batch] of lines) await out.get(name)!.write(batch.join(''))
        walk.advance(bytes)
      }
    },
    async close(): Promise<void> {
      for (const one of out.values()) await one.close()
    },
  }
}

/**
 * Which cards a judgment belongs to: the one that its fourth column names; without that column the cards that list its query
 * in cards.jsonl, or the only card.
 */
function cardReader(cards: ImportedCards | null) {
  const only = cards?.ids.size === 1 && cards.ofQuery.size === 0 ? [...cards.ids] : null
  return ({ card, query }: JudgmentLine, where: () => string): readonly string[] => {
    if (!cards) {
      if (card === null) return ['']
      throw new HydraError('DATASET_LAYOUT', {
        expected: 'a cards.jsonl beside judgments with a card-id column',
        got: 'none',
        remedy: 'Add cards.jsonl, or leave out the fourth column.',
        where: where(),
      })
    }
    if (card === null) {
      const listed = cards.ofQuery.get(query) ?? only
      if (listed) return listed
      throw new HydraError('DATASET_LINE', {
        expected:
          'a card of cards.jsonl with this query among its queries, or the id of one in the fourth column',
        got: `neither for "${query}"`,
        remedy: 'Add the query to the queries of its card, or a card-id column to the file.',
        where: where(),
      })
    }
    if (cards.ids.has(card)) return [card]
    throw new HydraError('DATASET_LINE', {
      expected: 'the id of a card of cards.jsonl in the fourth column',
      got: `"${card}"`,
      remedy: 'Correct the id, or add the card.',
      where: where(),
    })
  }
}

async function judgedQueries(files: readonly SourceFile[], walk: Walk): Promise<Set<string>> {
  const queries = new Set<string>()
  for (const file of files) {
    // Its faults are told when it is copied.
    for await (const { judgments } of readSourceJudgments(file, importFaults(), walk.signal)) {
      for (const judgment of judgments) if (judgment) queries.add(judgment.query)
    }
  }
  return queries
}

function hasTrain({ where }: SourceFile): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected:
      'a collection without train split, whose judged queries are to be hashed into train, dev and test',
    got: 'one that brings a train split',
    remedy: 'Import it with the splits that it brings.',
    command: 'hydra datasets import SOURCE, without --split',
    where,
  })
}

function tooFew(queries: number, { where }: SourceFile): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected: 'enough judged queries in dev and test for train, dev and test',
    got: String(queries),
    remedy: 'Import it with the splits that it brings, or give each split a greater share.',
    where,
  })
}

function checkSplitName(split: string, file: SourceFile): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(split)) return
  throw new HydraError('DATASET_LAYOUT', {
    expected: 'split names of letters, digits, dot, dash and underscore',
    got: JSON.stringify(split),
    remedy: 'Rename the file.',
    where: file.where,
  })
}

function unknownQuery({ query }: JudgmentLine, queries: ReadonlySet<string>, where: string): HydraError {
  const near = [query.trim(), query.normalize('NFC'), query.normalize('NFD')].find((id) => queries.has(id))
  return new HydraError('QRELS_UNKNOWN_QUERY', {
    expected: 'the id of a query of queries.jsonl',
    got: `"${query}"`,
    remedy:
      near === undefined
        ? 'Add the query or remove its judgments.'
        : 'Write the id alike in both files: it differs in white space at its ends or in Unicode normalisation.',
    where,
  })
}

function judgedTwice(judgment: JudgmentLine, where: string): HydraError {
  return new HydraError('QRELS_DUPLICATE', {
    expected: 'each query and document once in a split',
    got: `"${judgment.query}" and "${judgment.document}" again`,
    remedy: 'Keep one of the two lines.',
    where,
  })
}
