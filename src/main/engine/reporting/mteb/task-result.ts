import type { NamedTask } from './mteb-tasks'

/** What MTEB calls a measure: `nDCG@10` is `ndcg_at_10`. */
const MTEB_NAMES: Readonly<Record<string, string>> = {
  nDCG: 'ndcg',
  MRR: 'mrr',
  RR: 'mrr',
  Recall: 'recall',
  R: 'recall',
  P: 'precision',
  Precision: 'precision',
  AP: 'map',
  MAP: 'map',
  Success: 'hit_rate',
}
/** Of every retrieval task of MTEB. */
const MAIN_SCORE = 'nDCG@10'

export interface TaskResultOptions {
  readonly task: NamedTask
  /** sha256 of the data: what stands for a revision. */
  readonly revision: string
  readonly split: 'dev' | 'test'
  /** Means over the queries of the split, by our names. */
  readonly means: Readonly<Record<string, number>>
  /** Of this task; null where a run does not say. */
  readonly seconds: number | null
}

/**
 * One task's results as mteb's `TaskResult` (mteb 2.26.24, results/task_result.py) writes and reads them. `mteb_version` is
 * null, since MTEB has measured nothing of it.
 */
export function taskResult({ task, revision, split, means, seconds }: TaskResultOptions): object {
  const scores = Object.fromEntries(Object.entries(means).flatMap(([name, value]) => mtebScore(name, value)))
  return {
    dataset_revision: revision,
    task_name: task.name,
    mteb_version: null,
    scores: {
      [split]: [
        { ...scores, main_score: means[MAIN_SCORE], hf_subset: 'default', languages: task.languages },
      ],
    },
    evaluation_time: seconds,
    kg_co2_emissions: null,
    date: null,
  }
}

/** Measures that MTEB has no name for are left out. */
function mtebScore(name: string, value: number): [string, number][] {
  const parts = /^([A-Za-z]+)@(\d+)$/.exec(name)
  const known = parts && Object.hasOwn(MTEB_NAMES, parts[1]) && MTEB_NAMES[parts[1]]
  return known ? [[`${known}_at_${parts[2]}`, value]] : []
}
