import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CardMeans, CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import { SHARED_EXPERT } from '../../../src/main/engine/hypernet/experts/expert-plan'
import { experts } from '../../../src/main/engine/hypernet/generators/experts'
import { createNetwork, type NetworkDescription } from '../../../src/main/engine/hypernet/network'
import { type Parameters, settleParameters } from '../../../src/main/engine/hypernet/parameters'
import { createMatrix, row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { fitExperts } from '../../../src/main/engine/training/fit-experts'

/** Experts of made cards, their gates fitted here and their weights as an independent program has them. */
// Recorded by test/oracle/experts.py (JAX and scipy, float64).
export const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/experts.json'), 'utf8'),
)
export const d: number = golden.dimensions
const families: readonly string[] = golden.families
export const vector = (values: readonly number[]) => Float32Array.from(values)
const matrix = (values: readonly number[]) => createMatrix(values.length / d, d, vector(values))
export const text = matrix(golden.text)
export const corpus = matrix(golden.corpus)
export const means: CardMeans = {
  description: vector(golden.mean.text),
  queries: new Float32Array(d),
  documents: vector(golden.mean.corpus),
}

export const tasks = families.map((family, i): EncodedTask => {
  const id = family.startsWith('/') ? family.slice(1) : `${family}.${i}`
  const documents = createMatrix(4, d)
  for (let document = 0; document < 4; document++) row(documents, document).set(row(corpus, i))
  return {
    task: { id },
    description: row(text, i),
    nearest: new Float32Array(d),
    encoded: {
      collection: family.startsWith('/') ? { id } : { id, family },
      documents,
      documentMean: row(corpus, i),
      centre: means,
    },
  } as unknown as EncodedTask
})
export const fit = {
  descriptionMean: means.description,
  conditioning: ['description', 'corpus'],
  feedbackWeight: 0,
  options: experts.options.parse({ ridge: golden.ridge, least: golden.least }),
  seed: 1,
} as const
export const fitted = fitExperts(tasks, fit)
export const description: NetworkDescription = {
  generator: { name: 'experts', options: { least: golden.least } },
  head: { name: 'full', options: {} },
  side: 'query',
  conditioning: ['description', 'corpus'],
  shape: { dimensions: d, hidden: 2, basis: 1, rank: 1 },
  start: { documentGain: 0, descriptionGain: 0 },
  tasks: tasks.map(({ task }) => task.id),
  experts: fitted.plan,
}
export const names = [...fitted.plan.names, SHARED_EXPERT]
export const cards: CardVectors[] = golden.new.named.map((named: number, t: number) => ({
  description: row(matrix(golden.new.text), t),
  queries: means.queries,
  documents: means.documents,
  corpus: row(matrix(golden.new.corpus), t),
  ...(named < 0 ? {} : { expert: names[named] }),
}))

export function trained(): Parameters {
  const start = createNetwork(description).initialParameters(randomStream(1, 'start'))
  return settleParameters(start, fitted.values).map((one) =>
    one.fixed ? one : { ...one, data: vector(golden.parameters[one.name]) },
  )
}
