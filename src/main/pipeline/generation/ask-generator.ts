import type { Writing } from '../../engine/encoders/transformers/query-generator'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'

/**
 * Queries of each text as a model writes them, in worker processes that end with the call.
 * @param asked.phase what a reader is told meanwhile
 */
export async function askGenerator(
  texts: readonly string[],
  asked: Writing & { readonly model: string; readonly phase: string },
  context: Pick<OperationContext, 'openGenerator' | 'signal' | 'emit' | 'now'>,
): Promise<string[][]> {
  const { model, phase, ...writing } = asked
  const { signal, emit, now } = context
  const generator = await context.openGenerator(model, writing)
  const onProgress = progressMeter({ phase, unit: 'documents', emit, now })
  return generator.generate(texts, { signal, onProgress }).finally(() => generator.dispose())
}
