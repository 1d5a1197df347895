const USUAL_THEN = 'z-score'
/** The fusion teacher's option `method`, by what is called so now. */
const NORMALISATION_OF: Readonly<Record<string, string>> = {
  zscore: 'z-score',
  minmax: 'corpus-min-max',
  rrf: 'rrf',
}
/** Presets whose teacher is a fusion by ranks: naming it anew kept its options. */
const RANK_FUSING: readonly unknown[] = ['original', 'original-film']

/**
 * run.json, that of 0.2 and before completed so that it means the same: it says nothing of `request.normalisation`, and
 * whatever was fused was fused by z-scores over the corpus unless the teacher's `method` says otherwise.
 */
export function withNormalisation(run: unknown): unknown {
  if (!isRecord(run) || !isRecord(run.request) || 'normalisation' in run.request) return run
  const { request, recipe } = run
  const overrides = request.overrides
  const fallback = RANK_FUSING.includes(request.preset) ? undefined : USUAL_THEN
  return {
    ...run,
    request: {
      ...request,
      normalisation: USUAL_THEN,
      ...(isRecord(overrides) ? { overrides: withTeacher(overrides, fallback) } : {}),
    },
    recipe: isRecord(recipe) ? withTeacher(recipe, USUAL_THEN) : recipe,
  }
}

function withTeacher(fields: Record<string, unknown>, fallback: string | undefined): Record<string, unknown> {
  const { teacher } = fields
  if (!isRecord(teacher)) return fields
  const { method, ...options } = isRecord(teacher.options) ? teacher.options : {}
  // Settled by the present version when a run of before was resumed.
  if ('normalisation' in options) return fields
  const normalisation = NORMALISATION_OF[String(method)] ?? (teacher.name === 'fusion' ? fallback : undefined)
  return normalisation === undefined
    ? fields
    : { ...fields, teacher: { ...teacher, options: { ...options, normalisation } } }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
