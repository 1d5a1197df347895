import { Tensor } from 'onnxruntime-node'
import native from 'onnxruntime-node/dist/binding.js'

/** A graph in ONNX Runtime that answers at once. */
export interface DirectSession {
  /**
   * @param feeds by name; their arrays are read where they lie, and may lie in the memory of a WebAssembly module
   * @param out by name: where to write an output, null for new memory
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    out: Readonly<Record<string, Tensor | null>>,
  ): Record<string, Tensor>
  release(): void
}

/**
 * onnxruntime-node's own `run` waits a turn, then computes at once and resolves its promise; its public session has only that
 * promise, for which neither a kernel of TensorFlow.js nor a gradient tape can wait. So this asks the layer below, of the one
 * version that package.json names.
 * @param threads that share the work of a node; they sleep while there is none
 */
export function createDirectSession(graph: Uint8Array, threads: number): DirectSession {
  native.initOrt()
  const session = new native.binding.InferenceSession()
  session.loadModel(graph.buffer, graph.byteOffset, graph.byteLength, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Failures come as exceptions; ONNX Runtime's own lines on stderr would only repeat them.
    logSeverityLevel: 4,
    // Other networks train on the same cores.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  return {
    run: (feeds, out) => session.run(feeds, out, {}),
    release: () => session.dispose(),
  }
}

/** @param data [rows, columns] */
export function matrixFeed(data: Float32Array, rows: number, columns: number): Tensor {
  return new Tensor('float32', data, [rows, columns])
}
