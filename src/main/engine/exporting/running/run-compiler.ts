import * as ort from 'onnxruntime-node'
import type { AffineHead } from '../../hypernet/head'
import { createMatrix } from '../../numeric/matrix'
import type { CompiledCard, CompilerInputs } from '../compiler/compiled-card'

export interface OpenCompiler {
  readonly inputs: readonly string[]
  compile(card: CompilerInputs): Promise<CompiledCard>
  release(): Promise<void>
}

/** A compiler's graph, on one thread as a service would have it. @param graph a file, or its bytes */
export async function openCompiler(graph: string | Uint8Array): Promise<OpenCompiler> {
  const options = { logSeverityLevel: 3, intraOpNumThreads: 1 } as const
  const session = await (typeof graph === 'string'
    ? ort.InferenceSession.create(graph, options)
    : ort.InferenceSession.create(graph, options))
  return {
    inputs: session.inputNames,
    async compile(card) {
      const feeds = session.inputNames.map((name) => {
        const values = card[name as keyof CompilerInputs]
        const shape = name === 'examples' ? [1] : [1, values.length]
        return [name, new ort.Tensor('float32', values, shape)] as const
      })
      const made = await session.run(Object.fromEntries(feeds))
      const values = (name: string) => (made[name]?.data as Float32Array | undefined) ?? null
      const headOf = (prefix: string): AffineHead | null => {
        const weight = made[`${prefix}W`]
        if (!weight) return null
        const [scale, shift] = [values(`${prefix}norm_scale`), values(`${prefix}norm_shift`)]
        return {
          weight: createMatrix(weight.dims[0], weight.dims[1], weight.data as Float32Array),
          bias: values(`${prefix}b`) as Float32Array,
          ...(scale && shift && { norm: { scale, shift } }),
        }
      }
      const [gates, shares] = [values('gates'), values('shares')]
      return {
        head: headOf('') as AffineHead,
        documents: headOf('documents_'),
        experts: gates && shares && { gates, shares },
        bm25: values('bm25_share')?.[0] ?? 0,
      }
    },
    release: () => session.release(),
  }
}
