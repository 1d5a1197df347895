import type { RandomStream } from '../numeric/random'

/** Sizes of the network. Shapes below: d = dimensions, F = 4d, H = hidden, K = basis, R = rank. */
export interface NetworkShape {
  readonly dimensions: number
  readonly hidden: number
  readonly basis: number
  readonly rank: number
}

export interface NetworkStart {
  /** Md = documentGain·I: the λ that the exemplar-shift control likes on dev. */
  readonly documentGain: number
  /** Mt = descriptionGain·I */
  readonly descriptionGain: number
}

export const PARAMETER_NAMES = [
  'normScale',
  'normShift',
  'hidden1',
  'hidden1Bias',
  'hidden2',
  'hidden2Bias',
  'coefficients',
  'coefficientsBias',
  'basisDown',
  'basisUp',
  'documentMap',
  'descriptionMap',
  'queryMap',
  'bias',
] as const
export type ParameterName = (typeof PARAMETER_NAMES)[number]

export interface Parameter {
  readonly name: ParameterName
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The only weights that are trained, in the order of PARAMETER_NAMES. About 0.86 M for d = 384, K = 32, R = 8, H = 128. */
export type Parameters = readonly Parameter[]

/** The linear maps carry the control itself; decaying them would pull the start towards frozen (METHOD 1b). */
export const NOT_DECAYED: ReadonlySet<ParameterName> = new Set(['documentMap', 'descriptionMap', 'queryMap'])

export function parameterShapes({
  dimensions: d,
  hidden: h,
  basis: k,
  rank: r,
}: NetworkShape): Record<ParameterName, number[]> {
  return {
    normScale: [4 * d],
    normShift: [4 * d],
    hidden1: [4 * d, h],
    hidden1Bias: [h],
    hidden2: [h, h],
    hidden2Bias: [h],
    coefficients: [h, k],
    coefficientsBias: [k],
    basisDown: [d, k * r],
    basisUp: [k * r, d],
    documentMap: [d, d],
    descriptionMap: [d, d],
    queryMap: [d, d],
    bias: [d],
  }
}

/**
 * The network at its start. Its bias is the exemplar-shift control exactly (Md = g·I); the low-rank part is small and
 * not zero: with A and B both zero neither would ever get a gradient.
 */
export function initialParameters(
  shape: NetworkShape,
  start: NetworkStart,
  random: RandomStream,
): Parameters {
  const shapes = parameterShapes(shape)
  const normal = (name: ParameterName, deviation: number) => filled(name, () => deviation * random.normal())
  const filled = (name: ParameterName, value: (index: number) => number): Parameter => {
    const size = shapes[name].reduce((a, b) => a * b, 1)
    return {
      name,
      shape: shapes[name],
      data: Float32Array.from({ length: size }, (_, index) => value(index)),
    }
  }
  const diagonal = (name: ParameterName, gain: number) =>
    filled(name, (index) => (index % (shape.dimensions + 1) === 0 ? gain : 0))
  return [
    filled('normScale', () => 1),
    filled('normShift', () => 0),
    normal('hidden1', (4 * shape.dimensions) ** -0.5),
    filled('hidden1Bias', () => 0),
    normal('hidden2', shape.hidden ** -0.5),
    filled('hidden2Bias', () => 0),
    normal('coefficients', shape.hidden ** -0.5),
    filled('coefficientsBias', () => 0),
    normal('basisDown', 0.05),
    normal('basisUp', 0.01),
    diagonal('documentMap', start.documentGain),
    diagonal('descriptionMap', start.descriptionGain),
    diagonal('queryMap', 0),
    filled('bias', () => 0),
  ]
}

export function countWeights(parameters: Parameters): number {
  return parameters.reduce((sum, parameter) => sum + parameter.data.length, 0)
}
