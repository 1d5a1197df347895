import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Encoder } from '../../engine/encoders/encoder'
import { PARITY_BOUND } from '../../engine/exporting/certificate'
import { decodeHead, type HeadOrigin } from '../../engine/exporting/head-file'
import { writeNpy } from '../../engine/formats/npy'
import { type AffineHead, applyHead } from '../../engine/hypernet/head'
import { greatestDifference } from '../../engine/hypernet/hypernetwork'
import { firstNonFinite } from '../../engine/numeric/finite'
import type { Matrix } from '../../engine/numeric/matrix'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { readHandOut } from '../../workspace/runs/run-hand-out'
import { handedHead } from '../handing-out/handed-head'
import { defineOperation, type OperationContext } from '../operation'
import { encodeCard } from '../playground/card-choice'
import { checkpointName, TASK_CARD } from '../training/trained-systems'

/**
 * Of a head that was saved again in half precision: components of unit vectors move by about its unit roundoff. Up to
 * float32 it is the bound above.
 */
function parityBound(roundoff: number): number {
  return roundoff > 2 ** -24 ? PARITY_BOUND + 2 * roundoff : PARITY_BOUND
}

/** Query texts, one a line, through an exported head; held against the engine where the head's run is in the workspace. */
export const applyHeadFile = defineOperation({
  name: 'apply-head',
  input: z.strictObject({ head: z.string(), texts: z.string(), out: z.string() }),
  output: z.strictObject({
    file: z.string(),
    rows: z.number().int(),
    columns: z.number().int(),
    /** Greatest difference to the engine's vectors; null where the head's run is not in the workspace. */
    parity: z.number().nullable(),
  }),
  session: true,
  async run({ head: headFile, texts: textFile, out }, context) {
    const { warm } = context
    const { head, origin, roundoff } = decodeHead(await readInput(headFile, 'a head file'), headFile)
    const texts = (await readInput(textFile, 'a text file, one query a line')).toString('utf8').split(/\r?\n/)
    if (texts.at(-1) === '') texts.pop()
    if (texts.length === 0) {
      throw new HydraError('FILE_INVALID', {
        expected: 'at least one line of text',
        got: 'an empty file',
        remedy: 'Write one query on each line.',
        where: textFile,
      })
    }
    const encoder = await warm.encoder(origin.encoder, context)
    requireEncoderOf(origin, head, encoder, headFile)
    const vectors = await encoder.encode(texts, { signal: context.signal })
    const applied = applyHead(head, vectors)
    const ill = firstNonFinite(applied.data)
    if (ill) throw unsound('vectors of finite numbers', ill, headFile)
    const parity = await engineParity(applied, vectors, origin, encoder, context)
    const bound = parityBound(roundoff)
    if (parity !== null && !(parity <= bound)) {
      const got = `a difference of ${parity.toExponential(2)}`
      throw unsound(`vectors within ${bound.toExponential(1)} of the engine's`, got, headFile)
    }
    const file = resolve(out)
    await writeFileAtomic(file, writeNpy(applied))
    return { file, rows: applied.rows, columns: applied.columns, parity }
  },
})

declare module '../operation' {
  interface Operations {
    'apply-head': typeof applyHeadFile
  }
}

/** @throws HEAD_INVALID where the head was made for another encoder */
export function requireEncoderOf(
  origin: HeadOrigin,
  head: AffineHead,
  encoder: Encoder,
  where: string,
): void {
  if (encoder.sha256 !== origin.encoderSha256) throw otherEncoder(origin, encoder)
  if (head.weight.columns !== encoder.dimensions) throw otherWidth(head.weight.columns, encoder, where)
}

/** Greatest difference to the network itself on the same texts; null where its run is not in this workspace. */
export async function engineParity(
  applied: Matrix,
  vectors: Matrix,
  origin: HeadOrigin,
  encoder: Encoder,
  context: OperationContext,
): Promise<number | null> {
  const { warm } = context
  if (!existsSync(workspacePaths(context.workspace).run(origin.run).checkpoint(checkpointName(TASK_CARD))))
    return null
  const trained = await warm.network(origin.run, context)
  const { run, checkpoint } = trained
  const corpus = await warm.corpus(origin.dataset, run.request.seed, encoder, context)
  const card = await encodeCard(origin.card, checkpoint, corpus, encoder)
  const handOut = await readHandOut(context.workspace, origin.run)
  const { head, strength, setting } = origin.handedOut ?? { head: 'task card' as const, strength: 1 }
  const handed = await handedHead({ head, strength, setting }, card, { trained, corpus, handOut }, context)
  return greatestDifference(applied, handed.transform(vectors))
}

async function readInput(file: string, expected: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new HydraError('FILE_MISSING', {
      expected,
      got: error instanceof Error ? error.message : String(error),
      remedy: 'Check the path.',
      where: file,
    })
  }
}

function unsound(expected: string, got: string, where: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected,
    got,
    remedy: 'The file was changed, or the run was trained again: export the head again. Nothing was written.',
    where,
  })
}

function otherWidth(columns: number, { id, dimensions }: Encoder, where: string): HydraError {
  return unsound(`a head for the ${dimensions} dimensions of ${id}`, `one for ${columns}`, where)
}

function otherEncoder(origin: HeadOrigin, encoder: Encoder): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected: `the encoder that the head was made for, sha256 ${origin.encoderSha256.slice(0, 12)}…`,
    got: `${encoder.id}, sha256 ${encoder.sha256.slice(0, 12)}…`,
    remedy: 'Use the same encoder weights, or export the head from a run on this encoder.',
  })
}
