/**
 * How scores of two systems are brought to one scale before they are added (docs/method.md#fusion). `min-max`: over the union
 * of the first 1,000 documents of each; `z-score`: over the whole corpus, as all runs of 0.2 and before had it.
 */
export const NORMALISATIONS = ['min-max', 'z-score'] as const
export type Normalisation = (typeof NORMALISATIONS)[number]
export const USUAL_NORMALISATION: Normalisation = 'min-max'

/** Share of BM25 where nobody has chosen one. */
export const USUAL_BM25_SHARE = 0.3
