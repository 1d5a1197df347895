import type { PlaygroundSystem } from '../../../shared/schemas/playground'
import type { Scores } from '../../engine/retrieval/top-k'
import type { PlaygroundScores } from './playground-scores'

/** Scores over the corpus, or why there are none. */
export async function systemScores(
  system: PlaygroundSystem,
  scores: PlaygroundScores,
): Promise<Scores | string> {
  switch (system) {
    case 'frozen':
      return scores.frozen
    case 'BM25':
      return scores.bm25()
    case 'fused':
      return scores.fused()
    case 'no card':
      return (await scores.noCard()) ?? 'This run has no network that was trained without cards.'
    case 'another card':
      return (await scores.other()) ?? 'Choose the other card.'
    case 'this card':
      return (await scores.blended()) ?? 'Write a card.'
  }
}
