/** What is drawn over a training. The window names them at run time, so they stand without zod. */
export const CURVES = ['loss', 'dev', 'norm', 'cosine', 'effectiveRank'] as const
export type CurveOf = (typeof CURVES)[number]
