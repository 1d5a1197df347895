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

export interface MtebOptions {
  readonly task: string
  /** sha256 of the data: what stands for a revision. */
  readonly revision: string
  /** Whose queries were scored. */
  readonly split: 'test' | 'dev'
  /** Means over queries, by our names. */
  readonly means: Readonly<Record<string, number>>
  readonly evaluationSeconds: number
}

/**
 * One task's results in MTEB's file format (TaskResult of mteb 1.x and 2.x), so that its tools can read them. Our collections
 * and splits carry our own ids; whether they are MTEB's task of that name is for the reader to say.
 */
export function mtebResults({ task, revision, split, means, evaluationSeconds }: MtebOptions): object {
  const scores = Object.fromEntries(Object.entries(means).flatMap(([name, value]) => mtebScore(name, value)))
  return {
    dataset_revision: revision,
    task_name: task,
    mteb_version: null,
    scores: {
      [split]: [{ ...scores, main_score: means['nDCG@10'], hf_subset: 'default', languages: ['eng-Latn'] }],
    },
    evaluation_time: evaluationSeconds,
    kg_co2_emissions: null,
  }
}

/** Measures that MTEB has no name for are left out. */
function mtebScore(name: string, value: number): [string, number][] {
  const parts = /^([A-Za-z]+)@(\d+)$/.exec(name)
  const known = parts && MTEB_NAMES[parts[1]]
  return known ? [[`${known}_at_${parts[2]}`, value]] : []
}
