import type { ConditioningPart } from '../../../../shared/schemas/run'
import { familyOf } from '../../datasets/family-of'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { meanOf } from '../../statistics/inference'
import { nestedClusters } from '../apart/clustered-leads'
import { cardCentre } from '../network-systems'
import { showCard } from '../shown-card'
import { HEADLINE, type LadderTable } from '../verdict'
import type { ForecastRow } from './build-forecast'
import { forecastFeatures, type TrainedPlain, trainedPlain } from './forecast-features'

const LEADING = ['task card', 'handed out'] as const

/** Every left-out card of the tables with its leads over frozen; one that no trained card can be compared with is left out. */
export function forecastRows(
  tables: readonly LadderTable[],
  options: {
    readonly seen: readonly EncodedTask[]
    /** [d] what the network's cards are centred on */
    readonly networkMean: Float32Array
    readonly conditioning: readonly ConditioningPart[]
    readonly feedbackWeight: number
    readonly seed: number
  },
): ForecastRow[] {
  const { seen, networkMean, conditioning: parts, feedbackWeight, seed } = options
  const unseen = tables.filter(({ cards }) => cards !== 'seen')
  const clusters = nestedClusters([
    ...new Set(unseen.flatMap(({ systems }) => systems[0].tasks.map(({ task }) => task.task))),
  ])
  const relatives = new Map<string, number>()
  for (const { encoded } of seen) {
    const family = familyOf(encoded.collection)
    relatives.set(family, (relatives.get(family) ?? 0) + 1)
  }
  const known = new Map<string, TrainedPlain | null>()
  const plainOf = (task: EncodedTask, examples: number) => {
    // Cards that know their corpus are all centred on the same, so those of other corpora compare with this one.
    const corpus = parts.includes('corpus') ? null : task.encoded.collection.id
    const key = JSON.stringify([corpus, examples])
    let trained = known.get(key)
    if (trained === undefined) {
      const some = seen.filter(({ encoded }) => corpus === null || encoded.collection.id === corpus)
      const means = cardCentre(task, networkMean)
      trained = some.length > 0 ? trainedPlain(some, { examples, means, parts, seed, feedbackWeight }) : null
      known.set(key, trained)
    }
    return trained
  }
  return unseen.flatMap(({ examples, systems }) => {
    const row = (name: string) => systems.find((system) => system.row === name && !system.bm25)
    const frozen = row('frozen')
    if (!frozen) return []
    return frozen.tasks.flatMap(({ task, values }, t) => {
      const trained = plainOf(task, examples)
      const level = meanOf(values.get(HEADLINE)!)
      const leads = LEADING.flatMap((name) => {
        const scores = row(name)?.tasks[t].values.get(HEADLINE)
        return scores ? [[name, meanOf(scores) - level] as const] : []
      })
      if (!trained || leads.length === 0) return []
      const { encoded, nearest } = task
      const features = forecastFeatures(
        {
          vectors: showCard(task, examples, seed, feedbackWeight).vectors,
          examples,
          nearest,
          documentMean: encoded.documentMean,
          documents: encoded.documents.rows,
          relatives: relatives.get(familyOf(encoded.collection)) ?? 0,
        },
        trained,
      )
      const { id } = task.task
      return [{ task: id, examples, cluster: clusters.get(id)!, features, leads: new Map(leads) }]
    })
  })
}
