interface Trained {
  readonly losses: readonly number[]
  readonly norms: readonly number[]
  readonly heads: readonly (readonly number[])[]
  readonly leaked: number
}
interface Parity {
  readonly cpu: readonly number[]
  readonly wasm: Trained
  readonly webgpu: Trained
}
interface Faults {
  readonly full: string | null
  readonly after: string | null
  readonly lost: string | null
  readonly whole: Trained
  readonly resumed: Trained
}
interface Check {
  readonly what: string
  readonly expected: string
  readonly got: string
  readonly ok: boolean
}
interface Encoded {
  readonly refused?: string
  readonly weights?: string
  readonly rows?: number
  readonly textsPerSecond?: number
  readonly cosine?: number
}
export function trainingChecks(parity: Parity, faults: Faults): Check[]
export function encodingChecks(answers: Readonly<Record<string, Encoded>>): Check[]
export function markdown(found: {
  readonly adapter: string
  readonly machine: string
  readonly configuration: string
  readonly checks: readonly Check[]
  readonly backends: readonly {
    readonly id: string
    readonly millisecondsPerStep: number | null
    readonly reason: string
  }[]
  readonly encoder: string
  readonly encoding: Readonly<Record<string, Encoded>>
}): string
