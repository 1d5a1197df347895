import { HydraError } from '../../../shared/errors'
import type { TaskCard } from '../../../shared/schemas/card'
import { type Explanation, explainRequestSchema, explanationSchema } from '../../../shared/schemas/playground'
import { type CardVectors, constantCard } from '../../engine/hypernet/card-vectors'
import type { Scores } from '../../engine/retrieval/top-k'
import { cardMeans } from '../../engine/training/checkpoint'
import { defineOperation } from '../operation'
import { blendScores } from './blend-scores'
import { type PlaygroundScores, playgroundScores } from './playground-scores'
import { rankOf } from './rank-hits'
import { systemScores } from './system-scores'

/** A card with one thing left out. */
interface Part {
  readonly part: string
  readonly words: string
  vectors(scores: PlaygroundScores): Promise<CardVectors>
}

/**
 * Where one document stands and why: its score split into frozen, head and other card, and leave-one-out over the card's
 * fields and examples. A part left out stands at its mean, as in training.
 */
export const explainDocument = defineOperation({
  name: 'playground-explain',
  input: explainRequestSchema,
  output: explanationSchema,
  session: true,
  async run(request, context) {
    const { warm } = context
    const scores = await playgroundScores(request, context)
    const { ids, texts } = scores.corpus.encoded.collection.documents
    const at = ids.indexOf(request.document)
    if (at < 0) {
      throw new HydraError('FILE_MISSING', {
        expected: `a document of ${scores.dataset}`,
        got: JSON.stringify(request.document),
        remedy: 'Choose one from a ranking.',
      })
    }
    const { frozen, card, judged } = scores
    const { blend } = request
    const [head, other, blended] = [await scores.head(), await scores.other(), await scores.blended()]
    const standing = (row: Scores) => ({ score: finite(row[at]), rank: rankOf(at, row) })
    const without: Explanation['without'] = []
    if (card && head && request.run !== 'frozen') {
      const { checkpoint } = await warm.network(request.run, context)
      const constant = constantCard(cardMeans(checkpoint, scores.corpus.encoded))
      for (const { part, words, vectors } of partsOf(card, constant)) {
        const row = blendScores(
          frozen,
          await scores.headOf(await vectors(scores)),
          blend.other === 0 ? null : other,
          blend,
        )
        without.push({ part, words, ...standing(row) })
      }
      without.sort((a, b) => a.score - b.score)
    }
    const standings: Explanation['standings'] = []
    for (const system of request.systems) {
      const row = await systemScores(system, scores)
      if (typeof row !== 'string') standings.push({ system, ...standing(row) })
    }
    return {
      document: request.document,
      text: texts.at(at)!,
      grade: judged?.grades.get(at) ?? null,
      frozen: standing(frozen),
      card: blended && standing(blended),
      standings,
      parts: {
        head: head ? finite(blend.alpha * (head[at] - frozen[at])) : 0,
        other: head && other ? finite(blend.other * (other[at] - frozen[at])) : 0,
      },
      without,
    }
  },
})

declare module '../operation' {
  interface Operations {
    'playground-explain': typeof explainDocument
  }
}

function partsOf(card: TaskCard, constant: CardVectors): Part[] {
  const changed = (part: string, words: string, change: Partial<TaskCard>): Part => ({
    part,
    words,
    vectors: (scores) => scores.cardVectors({ ...card, ...change }),
  })
  const parts: Part[] = [
    {
      part: 'description',
      words: card.description,
      // Without examples the description is all there is: what is left is the constant card.
      vectors: async (scores) =>
        card.examples.length === 0
          ? constant
          : { ...(await scores.cardVectors(card)), description: constant.description },
    },
  ]
  if (card.domain) parts.push(changed('domain', card.domain, { domain: undefined }))
  if (card.queryType) parts.push(changed('query type', card.queryType, { queryType: undefined }))
  if (card.examples.length > 1) parts.push(changed('all examples', '', { examples: [] }))
  card.examples.forEach(({ query, document }, i) => {
    const examples = card.examples.filter((_, j) => j !== i)
    parts.push(changed(`example ${i + 1}`, `${query} → ${document}`, { examples }))
  })
  return parts
}

/** The query's own document is left out of every ranking; JSON has no −∞. */
function finite(score: number): number {
  return Number.isFinite(score) ? score : 0
}
