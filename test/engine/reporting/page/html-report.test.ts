import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { compareSystems } from '../../../../src/main/engine/reporting/compare-systems'
import { htmlReport, type ReportOptions } from '../../../../src/main/engine/reporting/page/html-report'
import { samplingOf } from '../../../../src/main/engine/statistics/inference'
import type { Comparison } from '../../../../src/shared/schemas/comparison'
import { recipeSchema } from '../../../../src/shared/schemas/run'
import { madePart, madeRow, madeVerdict } from '../../../made-verdict'

const interval = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })

/** Rows of a run on tasks, and the comparison of all of them at one k. */
function made(
  names: readonly string[],
  tasks: readonly string[],
  measures: readonly string[],
  examples: number,
) {
  const random = randomStream(1, `k${examples}`)
  const base = tasks.map(() => Float64Array.from({ length: 6 }, () => random.next() * 0.5))
  const systems = names.map((name, i) => ({
    name,
    run: 'r',
    row: name,
    values: new Map(
      measures.map((measure) => [measure, base.map((values) => values.map((v) => v + 0.02 * i))]),
    ),
  }))
  const sampling = samplingOf(base.map(({ length }) => length))
  const comparison: Comparison = {
    version: 2,
    cards: 'seen',
    examples,
    unit: sampling.unit,
    units: sampling.n,
    tasks: [...tasks],
    n: 6 * tasks.length,
    measures: [...measures],
    ...compareSystems(systems, { measures, sampling, seed: 1 }),
    runs: ['r'],
    differs: [],
  }
  const means = Object.fromEntries(measures.map((measure) => [measure, interval(0.5)]))
  const rows = names.map((row) =>
    madeRow({
      row,
      cards: 'seen',
      examples,
      mean: means,
      tasks: Object.fromEntries(tasks.map((task) => [task, { n: 6, measures: means }])),
    }),
  )
  return { comparison, rows }
}

const recipe = recipeSchema.parse({
  documentGain: 2,
  descriptionGain: 0.5,
  basis: 16,
  rank: 8,
  hidden: 128,
  minExamples: 1,
  maxExamples: 16,
  descriptionOnly: 0.4,
  feedbackWeight: 0.5,
  temperature: 0.05,
  identityPenalty: 1,
  candidates: 3000,
  learningRate: 0.00123,
  weightDecay: 0.01,
  warmupSteps: 50,
  tasksPerStep: 16,
  queriesPerStep: 128,
  steps: 800,
  devEvery: 100,
  keep: 'last',
})

function reported(tables: readonly ReturnType<typeof made>[]): ReportOptions {
  const run = {
    id: 'r',
    title: '<script>alert(1)</script>',
    app: '0',
    createdAt: '2026-11-28T06:14:55.000Z',
    endedAt: '2026-11-28T06:20:00.000Z',
    encoder: { id: 'all-MiniLM-L6-v2', sha256: 'f'.repeat(64) },
    backend: null,
    datasets: [
      { id: 'scifact', sha256: 'a'.repeat(64) },
      { id: 'gone', sha256: 'b'.repeat(64) },
    ],
    seen: ['scifact'],
    unseen: [],
    weights: {},
    notes: ['Mean pooling is <assumed>.'],
    recipe,
    request: { tasks: ['one'], seed: 271828, preset: 'recommended', holdOut: 'strict' },
    machine: { cpu: 'c', cores: 2, platform: 'linux-x64', node: 'v20' },
  }
  const verdict = madeVerdict({
    words: 'Words.',
    limits: ['One encoder, one split.'],
    rows: tables.flatMap(({ rows }) => rows),
  })
  const finding = {
    code: 'x',
    severity: 'warning',
    message: 'Texts repeat.',
    count: 2,
    examples: [],
    remedy: 'Drop them.',
  }
  const record = {
    id: 'scifact',
    importedAt: '2026-11-01T00:00:00.000Z',
    documents: 5183,
    queries: 1109,
    cards: 1,
    findings: [finding],
  }
  return {
    comparisons: tables.map(({ comparison }) => comparison),
    runs: [{ run, verdict }],
    datasets: [{ record, lint: null }],
    writtenAt: new Date(0),
  } as unknown as ReportOptions
}

const TASKS = ['scifact', ...Array.from({ length: 69 }, (_, i) => `many/c${i}`)]
const options = reported(
  [0, 4].map((k) => made(['frozen', 'task card', 'same <b>'], TASKS, ['nDCG@10', 'AP'], k)),
)
const html = htmlReport(options)

describe('the report', () => {
  it('asks for nothing and lets no text of the data be markup', () => {
    expect(html).not.toMatch(/<script|<b>&|https?:|src=|url\(|@import/)
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'")
    expect(html).toContain('same &lt;b&gt;')
    expect(html).toContain('Mean pooling is &lt;assumed&gt;.')
    expect(html.length).toBeLessThan(2_000_000)
  })

  it('has a section for each number of examples, with both charts and every pair', () => {
    for (const k of [0, 4]) {
      expect(html).toContain(`<section id="seen-k${k}">`)
      expect(html).toContain(`href="#seen-k${k}"`)
    }
    expect(html.match(/<svg /g)).toHaveLength(2 * 3)
    expect(html.match(/, paired differences</g)).toHaveLength(2 * 2)
  })

  it('has every task, folded', () => {
    for (const part of html.split('<section').filter((text) => text.startsWith(' id='))) {
      const table = part.slice(part.indexOf('nDCG@10 by task: 70 tasks</summary>'))
      expect(part).toContain('<details><summary>nDCG@10 by task')
      for (const task of TASKS) expect(table).toContain(`<th scope="row">${task}</th>`)
    }
  })

  it('sets the lead on unseen documents apart, in the table that it is of', () => {
    const split = structuredClone(options)
    const documents = [madePart('seen', 196), madePart('unseen', 104, { delta: 0.007 })]
    Object.assign(split.runs[0].verdict, { documents })
    const [, k0, k4] = htmlReport(split).split('<section id="seen-k')
    expect(k0).toMatch(
      />unseen<\/th><td>nDCG@10<\/td><td class="number">104<\/td>.*\.500 \(frozen\).*\.507.*\+\.007</,
    )
    expect(k4).not.toContain('unseen ones')
    expect(html).not.toContain('unseen ones')
  })

  it('says limits, seed, dates, recipe, notes and what the linter found', () => {
    for (const text of [
      'One encoder, one split.',
      '271828',
      '2026-11-28 06:14 UTC to 2026-11-28 06:20 UTC',
      '1970-01-01 00:00 UTC',
      '0.00123',
      'Texts repeat.',
      'Drop them.',
      'scifact at its import on 2026-11-01 00:00 UTC',
      'without sizes and findings: gone.',
    ])
      expect(html).toContain(text)
  })

  it('puts what is published beside frozen, and only where the encoder is the published one', () => {
    expect(html).toMatch(
      /SciFact<\/th><td class="number">6<\/td><td class="number">\.500<\/td><td class="number">\.645</,
    )
    const other = structuredClone(options)
    Object.assign(other.runs[0].run.encoder, { id: 'org/other' })
    expect(htmlReport(other)).not.toContain('Published figures')
  })

  it('is never wider than a page: further columns go on below', () => {
    const names = Array.from({ length: 26 }, (_, i) => `row ${i}`)
    const wide = htmlReport(reported([made(names, ['one', 'two'], ['nDCG@10', 'AP'], 0)]))
    const widths = [...wide.matchAll(/<thead>(.*?)<\/thead>/g)].map(
      ([, head]) => head.split('<th ').length - 1,
    )
    expect(Math.max(...widths)).toBeLessThanOrEqual(12)
    const byTask = wide.slice(wide.indexOf('nDCG@10 by task'))
    for (const name of names) expect(byTask).toContain(`>${name}</th>`)
    expect(wide).not.toMatch(/overflow-x|overflow: (auto|scroll|hidden)/)
  })
})
