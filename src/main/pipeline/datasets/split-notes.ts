import type { HoldOut, RecordedRequest } from '../../../shared/schemas/run'
import { clustersOf, documentSets } from '../../engine/datasets/document-sets'
import type { RunTasks } from './load-run-tasks'

/** Why a task that is not held out is not trained either. */
export const DROPPED_REASON: Readonly<Record<HoldOut, string>> = {
  strict:
    'More than half of their documents lie inside a held-out card, or more than half of a held-out card’s inside them.',
  'one-way': 'More than half of their documents lie inside a held-out card.',
  loose: 'They share their documents with a card that is held out by name.',
  combinations: 'They share a relation or a category with what is held out.',
  corpora: 'They are of a corpus of which another task is held out by name.',
  families: 'They are of a family of which another corpus is held out by name.',
}

export const BARE_REASON = 'They have no judged train queries.'

export const RULE_REASON = 'What is handed out for cards never trained is chosen on them.'

export const SPARE_REASON = 'Fewer trained tasks were asked for.'

/** What a reader of a split must know that its numbers do not say. */
export function splitNotes({ unseen: asked }: Pick<RecordedRequest, 'unseen'>, tasks: RunTasks): string[] {
  const { all, unseen } = tasks
  if (typeof asked !== 'number' || asked === 0 || unseen.length > 0) return []
  const share = `${Math.round(asked * 100)} % of ${all.length} ${all.length === 1 ? 'task' : 'tasks'}`
  if (all.length === 1) return [`No card is held out: there is one task, and it is trained.`]
  const smallest = Math.min(...clustersOf(documentSets(all)).map((cluster) => cluster.length))
  return [
    `No card is held out: cards that share most of their documents are held out together, and the smallest such group has ${smallest}, more than ${share}.`,
  ]
}
