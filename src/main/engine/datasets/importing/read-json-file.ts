import { type ErrorCode, type ErrorDetail, HydraError } from '../../../../shared/errors'
import type { SourceFile } from './dataset-layout'

/** A small file of one JSON value, checked. @param fault of whatever is wrong with it */
export async function readJsonFile<T>(
  file: SourceFile,
  check: (json: unknown) => T,
  fault: Pick<ErrorDetail, 'expected' | 'remedy'> & { readonly code: ErrorCode },
): Promise<T> {
  const chunks: Buffer[] = []
  for await (const chunk of await file.open()) chunks.push(chunk)
  try {
    return check(
      JSON.parse(
        Buffer.concat(chunks)
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
      ),
    )
  } catch (cause) {
    const { code, expected, remedy } = fault
    const got = cause instanceof Error ? cause.message : String(cause)
    throw new HydraError(code, { expected, got, remedy, where: file.where }, { cause })
  }
}
