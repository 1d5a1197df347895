import type {
  PlaygroundArm,
  PlaygroundColumn,
  PlaygroundResult,
  PlaygroundTask,
} from '../../../shared/playground'
import { matching, rankRow } from '../../engine/retrieval/corpus-index'
import { readRun } from '../../workspace/run-folder'
import type { OperationContext, OperationInput } from '../operation'
import { chosenCard } from './card-choice'
import { judgedQueries, ndcgOf, taskNamed } from './judged-query'
import { type PlaygroundScores, playgroundScores } from './playground-scores'
import { rankHits } from './rank-hits'
import type { WarmEngine } from './warm-engine'

/** One query under every arm asked for, ready to stand side by side. */
export async function rankPlayground(
  request: OperationInput<'playground-rank'>,
  context: OperationContext,
  warm: WarmEngine,
): Promise<PlaygroundResult> {
  const scores = await playgroundScores(request, context, warm)
  const begun = performance.now()
  await scores.head()
  const compiled = performance.now()
  const columns: PlaygroundColumn[] = []
  const absent: PlaygroundResult['absent'] = []
  for (const arm of request.arms) {
    const row = await armScores(arm, scores)
    if (typeof row === 'string') absent.push({ arm, reason: row })
    else columns.push(column(arm, row, scores, request.k))
  }
  const { judged, encodeMs } = scores
  return {
    columns,
    absent,
    relevant: judged && [...judged.grades.values()].filter((grade) => grade > 0).length,
    milliseconds: { encode: encodeMs, compile: compiled - begun, rank: performance.now() - compiled },
  }
}

/** A task as the engine reads it: its card with the examples drawn from train, and judged queries to try. */
export async function playgroundTask(
  { dataset, task: id, run, most }: OperationInput<'playground-task'>,
  context: OperationContext,
  warm: WarmEngine,
): Promise<PlaygroundTask> {
  const seed = run === 'frozen' ? 1 : ((await readRun(context.workspace, run)).request.seed ?? 1)
  const collection = await warm.collection(dataset, seed, context)
  const { wordings: _, ...card } = chosenCard({ task: id }, collection)
  const task = taskNamed(collection, id)
  return { card, queries: task ? judgedQueries(task, most) : [] }
}

/** Scores over the corpus, or why there are none. */
async function armScores(arm: PlaygroundArm, scores: PlaygroundScores): Promise<Float32Array | string> {
  switch (arm) {
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

function column(
  arm: PlaygroundArm,
  row: Float32Array,
  scores: PlaygroundScores,
  k: number,
): PlaygroundColumn {
  const { corpus, frozen, judged } = scores
  const ranked = rankHits(corpus, row, frozen, k)
  // Documents that share no word with the query are not found by BM25: their order would say nothing.
  const found = arm === 'BM25' ? ranked.hits.filter(({ score }) => score > 0) : ranked.hits
  const top = rankRow(row, 10, corpus.index.tieOrder)
  const counted = arm === 'BM25' ? matching(top) : top
  return {
    arm,
    hits: found.map((hit, place) => ({
      ...hit,
      grade: judged?.grades.get(ranked.documents[place]) ?? null,
    })),
    ndcg: ndcgOf(counted.documents, judged),
  }
}
