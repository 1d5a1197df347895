import { expect, it } from 'vitest'
import { FORECAST_FEATURES } from '../../../../src/main/engine/evaluation/forecast/forecast-features'
import { forecastRows } from '../../../../src/main/engine/evaluation/forecast/forecast-rows'
import { cardCentre } from '../../../../src/main/engine/evaluation/network-systems'
import { showCard } from '../../../../src/main/engine/evaluation/shown-card'
import type { LadderTable } from '../../../../src/main/engine/evaluation/verdict'
import { cardNearness, trainedDirections } from '../../../../src/main/engine/hypernet/nearest-cards'
import { dot, normalizeInPlace } from '../../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../../src/main/engine/preferences/encoded-collection'
import { USUAL_PARTS } from '../../../../src/shared/schemas/run'
import { judge, tinyTasks } from '../../tiny-task'

const D = 8
const made = (id: string, seed: number) =>
  tinyTasks({
    id,
    seed,
    documents: 30,
    queries: 30,
    dimensions: D,
    cards: ['a', 'b', 'c'].map((card, i) => ({
      id: card,
      train: judge([[i * 10, i * 10, 1]]),
      dev: judge([]),
      test: judge([[i * 10 + 1, i * 10 + 1, 1]]),
    })),
  })
const [first, second, third] = made('one', 1)
const [elsewhere] = made('two', 5)
const networkMean = new Float32Array(D)
const options = {
  seen: [first, second],
  networkMean,
  feedbackWeight: 0.5,
  seed: 1,
  conditioning: USUAL_PARTS,
}

function table(tasks: readonly EncodedTask[], change: Partial<LadderTable> = {}): LadderTable {
  const row = (name: string, value: number) => ({
    row: name,
    bm25: false,
    tasks: tasks.map((task, t) => ({
      task,
      queries: Int32Array.of(0, 1),
      values: new Map([['nDCG@10', Float64Array.of(value + 0.1 * t, value)]]),
      seconds: 0,
    })),
  })
  return {
    cards: 'unseen',
    examples: 0,
    systems: [row('frozen', 0.2), row('task card', 0.5)],
    chosen: new Map(),
    ...change,
  }
}

it('knows of a left-out card what is known before it is judged, and its lead over frozen', () => {
  const [row, ...others] = forecastRows([table([third])], options)
  expect(others).toEqual([])
  expect(row).toMatchObject({ task: 'one/c', examples: 0 })
  expect([...row.leads]).toEqual([['task card', expect.closeTo(0.3, 12)]])
  const { encoded, description, nearest } = third
  const named = Object.fromEntries(FORECAST_FEATURES.map((name, f) => [name, row.features[f]]))
  expect(named['log2(1 + trained cards of its family)']).toBeCloseTo(Math.log2(3), 12)
  expect(named['log10(documents)']).toBeCloseTo(Math.log10(30), 12)
  expect(named['length of the mean document']).toBeCloseTo(
    Math.sqrt(dot(encoded.documentMean, encoded.documentMean)),
    12,
  )
  const unit = (vector: Float32Array) => normalizeInPlace(vector.slice())
  expect(named['cosine of the description and its nearest documents']).toBeCloseTo(
    dot(unit(description), unit(nearest)),
    6,
  )
})

it('is as near to the trained cards as the page Cards says', async () => {
  const [row] = forecastRows([table([third])], options)
  const vectors = (task: EncodedTask) => showCard(task, 0, 1, 0.5).vectors
  const means = cardCentre(third, networkMean)
  const trained = await trainedDirections(
    [first, second].map((task) => [vectors(task)]),
    means,
    USUAL_PARTS,
  )
  const { cosines } = cardNearness(vectors(third), trained)
  expect(row.features[0]).toBeCloseTo(Math.max(...cosines), 5)
})

it('leaves out trained cards, tables without frozen, and cards that no trained one compares with', () => {
  expect(forecastRows([table([first], { cards: 'seen' })], options)).toEqual([])
  const { systems } = table([third])
  expect(forecastRows([table([third], { systems: systems.slice(1) })], options)).toEqual([])
  expect(forecastRows([table([elsewhere])], options)).toEqual([])
  // Where cards know their corpus, those of other corpora compare with it.
  const knowing = forecastRows([table([elsewhere])], { ...options, conditioning: ['description', 'corpus'] })
  expect(knowing.map(({ task, features }) => [task, features[1]])).toEqual([['two/a', 0]])
})
