/** What onnxruntime-node 1.30 hands its own JavaScript, as far as direct-session.ts uses it; it has no types of its own. */
declare module 'onnxruntime-node/dist/binding.js' {
  import type { InferenceSession, Tensor } from 'onnxruntime-node'

  interface NativeSession {
    loadModel(
      buffer: ArrayBufferLike,
      byteOffset: number,
      byteLength: number,
      options: InferenceSession.SessionOptions,
    ): void
    run(
      feeds: Readonly<Record<string, Tensor>>,
      fetches: Readonly<Record<string, Tensor | null>>,
      options: InferenceSession.RunOptions,
    ): Record<string, Tensor>
    dispose(): void
  }

  const module: {
    readonly binding: { readonly InferenceSession: new () => NativeSession }
    initOrt(): void
  }
  export default module
}
