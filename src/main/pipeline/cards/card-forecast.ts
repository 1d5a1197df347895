import { stat } from 'node:fs/promises'
import type { RunRecord } from '../../../shared/schemas/run'
import type { CardForecast } from '../../../shared/schemas/tables/forecast'
import type { Verdict } from '../../../shared/schemas/verdict'
import { familyOf } from '../../engine/datasets/family-of'
import { CLUSTERS_NEEDED, forecastCard } from '../../engine/evaluation/forecast/build-forecast'
import { forecastFeatures, type TrainedPlain } from '../../engine/evaluation/forecast/forecast-features'
import type { CardVectors } from '../../engine/hypernet/card-vectors'
import { createMatrix, row } from '../../engine/numeric/matrix'
import { nearestMeans } from '../../engine/retrieval/nearest-mean'
import { FORECAST_LEVEL } from '../../engine/statistics/conformal-forecast'
import { workspacePaths } from '../../workspace/paths'
import { readVerdict } from '../../workspace/runs/run-results'
import { memoisedPromises } from '../memoised-promises'
import type { OperationContext } from '../operation'
import type { WarmCorpus } from '../playground/warm-engine'

/** Of those that were looked at last: a page asks again with each word of a card. */
const read = memoisedPromises<Pick<Verdict, 'forecast'>>(4)

/** What lead over the frozen encoder a card may expect of a run, by the tasks that the run left out. */
export async function cardForecast(
  card: {
    readonly run: RunRecord
    /** Where it is the card of a task. */
    readonly task: string | undefined
    readonly vectors: CardVectors
    readonly examples: number
    readonly corpus: WarmCorpus
    readonly trained: { readonly plain: TrainedPlain; readonly families: ReadonlyMap<string, number> }
  },
  { workspace }: Pick<OperationContext, 'workspace'>,
): Promise<CardForecast> {
  const { run, task, vectors, examples, corpus, trained } = card
  const nothing = (none: NonNullable<CardForecast['none']>): CardForecast => ({
    leads: [],
    none,
    level: FORECAST_LEVEL,
    tasks: 0,
    clusters: 0,
    needed: CLUSTERS_NEEDED,
  })
  if (task !== undefined && run.seen.includes(task)) return nothing('trained')
  if (run.unseen.length === 0) return nothing('nothing left out')
  const { results } = workspacePaths(workspace).run(run.id)
  const time = await stat(results).catch(() => null)
  const { forecast } = await read(JSON.stringify([results, time?.mtimeMs]), async () => ({
    // The rest of a verdict may be megabytes.
    forecast: (await readVerdict(workspace, run.id))?.forecast,
  }))
  if (!forecast) return nothing('unscored')
  const { encoded, index } = corpus
  const nearest = await nearestMeans(index, createMatrix(1, vectors.description.length, vectors.description))
  const features = forecastFeatures(
    {
      vectors,
      examples,
      nearest: row(nearest, 0),
      documentMean: encoded.documentMean,
      documents: encoded.documents.rows,
      relatives: trained.families.get(familyOf(encoded.collection)) ?? 0,
    },
    trained.plain,
  )
  return forecastCard(forecast, { features, task, examples })
}
