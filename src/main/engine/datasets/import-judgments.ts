import type { DatasetRecord } from '../../../shared/dataset'
import { HydraError } from '../../../shared/errors'
import { type JudgmentLine, QRELS_HEADER, QRELS_HEADER_WITH_CARDS, readJudgments } from './beir-records'
import type { DatasetSource, SourceFile } from './dataset-layout'
import type { DatasetFile } from './dataset-writer'
import { drawDev } from './dev-from-train'
import type { FindingCounter } from './finding-counter'
import type { ImportedTexts, Walk } from './import-walk'

type Splits = DatasetRecord['splits']

/** One split while it is copied: its counts and the queries that it judges. */
interface SplitTally {
  readonly judged: Set<string>
  readonly relevant: Set<string>
  /** Query and card together, since a query may be asked on several cards. */
  readonly asked: Set<string>
  judgments: number
}

/** Checks and copies all qrels files; draws dev from train where the collection has train and no dev. */
export async function importJudgments(
  source: DatasetSource,
  walk: Walk,
  texts: ImportedTexts,
  findings: FindingCounter,
): Promise<{ splits: Splits; devFrom: DatasetRecord['devFrom'] }> {
  const files = new Map(
    [...source.files]
      .filter(([part]) => part.startsWith('qrels/'))
      .map(([part, file]) => [part.slice('qrels/'.length, -'.tsv'.length), file] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  for (const [split, file] of files) checkSplitName(split, file)

  const train = files.get('train')
  const dev = train && !files.has('dev') ? drawDev(await judgedQueries(train, walk)) : new Set<string>()
  for (const query of dev) findings.add('dev-from-train', query)

  const documentNumbers = new Map(texts.documents)
  const tallies = new Map<string, SplitTally>()
  for (const [split, file] of files) {
    const target = (query: string) => (split === 'train' && dev.has(query) ? 'dev' : split)
    for (const [name, tally] of await copySplit(
      file,
      split,
      target,
      walk,
      texts,
      documentNumbers,
      findings,
    )) {
      tallies.set(name, tally)
    }
  }

  if (![...tallies.values()].some(({ relevant }) => relevant.size > 0)) {
    throw new HydraError('DATASET_EMPTY', {
      expected: 'at least one judgment with a positive score',
      got: 'none in any split',
      remedy: 'Check the third column of the qrels files.',
      where: [...files.values()][0].where,
    })
  }
  noteSplits(tallies, dev, texts, findings)
  const splits = Object.fromEntries(
    [...tallies].map(([name, { asked, judgments }]) => [name, { queries: asked.size, judgments }]),
  )
  return { splits, devFrom: files.has('dev') ? 'given' : dev.size > 0 ? 'train' : 'none' }
}

async function copySplit(
  file: SourceFile,
  split: string,
  target: (query: string) => string,
  walk: Walk,
  texts: ImportedTexts,
  documentNumbers: Map<string, number>,
  findings: FindingCounter,
): Promise<Map<string, SplitTally>> {
  const header = `${texts.cards ? QRELS_HEADER_WITH_CARDS : QRELS_HEADER}\n`
  const tallies = new Map<string, SplitTally>()
  const out = new Map<string, DatasetFile>()
  const cardOf = cardReader(texts.cards)
  /** Judged documents of each query and card; documents as numbers, to hold half a million judgments in little memory. */
  const seen = new Map<string, Set<number>>()
  try {
    await ensure(split)
    for await (const { first, judgments, bytes } of readJudgments(file, walk.signal)) {
      const lines = new Map<string, string[]>()
      for (let i = 0; i < judgments.length; i++) {
        const judgment = judgments[i]
        if (!judgment) continue
        const where = () => `${file.where}:${first + i}`
        if (!texts.queries.has(judgment.query)) throw unknownQuery(judgment, where())
        const card = cardOf(judgment, where)
        const known = documentNumbers.get(judgment.document)
        const number = known ?? documentNumbers.size
        if (known === undefined) documentNumbers.set(judgment.document, number)
        if (number >= texts.documents.size) {
          findings.add('unknown-documents', `${judgment.document} (${where()})`)
        }
        const key = texts.cards ? `${card}\t${judgment.query}` : judgment.query
        const documents = seen.get(key) ?? new Set()
        if (documents.has(number)) throw judgedTwice(judgment, where())
        seen.set(key, documents.add(number))

        const name = target(judgment.query)
        const tally = await ensure(name)
        tally.judgments++
        tally.asked.add(key)
        tally.judged.add(judgment.query)
        if (judgment.grade > 0) tally.relevant.add(judgment.query)
        const line = `${judgment.query}\t${judgment.document}\t${judgment.grade}${texts.cards ? `\t${card}` : ''}\n`
        const batch = lines.get(name)
        if (batch) batch.push(line)
        else lines.set(name, [line])
      }
      for (const [name, batch] of lines) await out.get(name)!.write(batch.join(''))
      walk.advance(bytes)
    }
  } finally {
    for (const one of out.values()) await one.close()
  }
  return tallies

  async function ensure(name: string): Promise<SplitTally> {
    const there = tallies.get(name)
    if (there) return there
    const tally: SplitTally = { judged: new Set(), relevant: new Set(), asked: new Set(), judgments: 0 }
    tallies.set(name, tally)
    const created = await walk.writer.create(`qrels/${name}.tsv`)
    out.set(name, created)
    await created.write(header)
    return tally
  }
}

/** Which card a judgment belongs to; a file without the fourth column belongs to the only card. */
function cardReader(cards: ReadonlySet<string> | null) {
  const only = cards?.size === 1 ? [...cards][0] : null
  return ({ card }: JudgmentLine, where: () => string): string => {
    if (!cards) {
      if (card === null) return ''
      throw new HydraError('DATASET_LAYOUT', {
        expected: 'a cards.jsonl beside judgments with a card-id column',
        got: 'none',
        remedy: 'Add cards.jsonl, or leave out the fourth column.',
        where: where(),
      })
    }
    const id = card ?? only
    if (id !== null && cards.has(id)) return id
    throw new HydraError('DATASET_LINE', {
      expected: 'the id of a card of cards.jsonl in the fourth column',
      got: id === null ? 'no fourth column' : `"${id}"`,
      remedy: 'Correct the id, or add the card.',
      where: where(),
    })
  }
}

async function judgedQueries(file: SourceFile, walk: Walk): Promise<Set<string>> {
  const queries = new Set<string>()
  for await (const { judgments } of readJudgments(file, walk.signal)) {
    for (const judgment of judgments) if (judgment) queries.add(judgment.query)
  }
  return queries
}

function noteSplits(
  tallies: ReadonlyMap<string, SplitTally>,
  dev: ReadonlySet<string>,
  { queries }: ImportedTexts,
  findings: FindingCounter,
): void {
  const test = tallies.get('test')
  if (!tallies.has('train')) findings.add('no-train-split')
  if (!test) {
    findings.add('no-test-split')
    return
  }
  // What a head may have been trained on: train as it was given, with the part of it that became dev.
  const given = [...(tallies.get('train')?.judged ?? []), ...dev]
  const trained = new Map(given.map((query) => [wording(queries.get(query)!), query]))
  for (const query of test.judged) {
    const twin = trained.get(wording(queries.get(query)!))
    if (twin !== undefined) findings.add('repeated-queries', `${query} = ${twin}`)
    if (!test.relevant.has(query)) findings.add('no-relevant-document', query)
  }
}

/** Case and spacing make no other query: the encoder lowers the one and drops the other. */
function wording(text: string): string {
  return text.toLowerCase().split(/\s+/).join(' ').trim()
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

function unknownQuery(judgment: JudgmentLine, where: string): HydraError {
  return new HydraError('QRELS_UNKNOWN_QUERY', {
    expected: 'the id of a query of queries.jsonl',
    got: `"${judgment.query}"`,
    remedy: 'Add the query or remove its judgments.',
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
