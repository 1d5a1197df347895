import type { RandomStream } from '../numeric/random'

/** Sizes that every generator shares. Shapes elsewhere: d = dimensions, F = 4d, H = hidden, K = basis, R = rank, T = tasks of a step. */
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

/** How an array is filled before the first step. */
export type Start =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** gain·I of a square matrix; a map between different sizes has no diagonal and starts at zero. */
  | { readonly kind: 'diagonal'; readonly gain: number }

export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly start: Start
  /** Weight decay pulls it towards zero. Not so for maps that carry the control itself: they would be pulled back to frozen. */
  readonly decayed: boolean
  /** Settled before the first step and never trained, such as what a network remembers of its cards. */
  readonly fixed?: boolean
}

interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array
  readonly decayed: boolean
  readonly fixed?: boolean
}

/** All that a network holds, in the order of its ParameterSpecs; what is not fixed is trained. */
export type Parameters = readonly Parameter[]

export const zeros: Start = { kind: 'constant', value: 0 }

export function constant(value: number): Start {
  return { kind: 'constant', value }
}

export function normal(deviation: number): Start {
  return { kind: 'normal', deviation }
}

export function diagonal(gain: number): Start {
  return { kind: 'diagonal', gain }
}

export function parameter(
  name: string,
  shape: readonly number[],
  start: Start,
  options: { readonly decayed?: boolean } = {},
): ParameterSpec {
  return { name, shape, start, decayed: options.decayed ?? true }
}

/** A constant of the network, zero until it is settled (settleParameters). */
export function fixedParameter(name: string, shape: readonly number[]): ParameterSpec {
  return { name, shape, start: zeros, decayed: false, fixed: true }
}

/** The parameters with these values in their fixed ones, by name. */
export function settleParameters(
  parameters: Parameters,
  values: Readonly<Record<string, Float32Array>>,
): Parameters {
  return parameters.map((one) => (one.fixed && values[one.name] ? { ...one, data: values[one.name] } : one))
}

/** The network at its start; draws in the order of the specs. */
export function startParameters(specs: readonly ParameterSpec[], random: RandomStream): Parameters {
  return specs.map(({ name, shape, start, decayed, fixed }) => {
    const data = new Float32Array(countValues(shape))
    fill(data, shape, start, random)
    return { name, shape, data, decayed, ...(fixed ? { fixed } : {}) }
  })
}

function fill(data: Float32Array, shape: readonly number[], start: Start, random: RandomStream): void {
  switch (start.kind) {
    case 'constant':
      data.fill(start.value)
      return
    case 'normal':
      for (let i = 0; i < data.length; i++) data[i] = start.deviation * random.normal()
      return
    case 'diagonal': {
      const [rows, columns] = shape
      if (rows !== columns) return
      for (let i = 0; i < rows; i++) data[i * (columns + 1)] = start.gain
    }
  }
}

/** @internal */
export function countValues(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
