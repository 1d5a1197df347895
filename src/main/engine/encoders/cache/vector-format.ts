/** What the vectors of documents are kept in on disk. */
export const VECTOR_FORMATS = ['float32', 'float16', 'int8'] as const
export type VectorFormat = (typeof VECTOR_FORMATS)[number]
/** Where nothing is said. */
export const USUAL_FORMAT: VectorFormat = 'float32'
