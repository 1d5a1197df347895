import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { Encoder } from '../../engine/encoders/encoder'
import { decodeHead, type HeadOrigin } from '../../engine/exporting/head-file'
import { writeNpy } from '../../engine/exporting/npy'
import { applyHead } from '../../engine/hypernet/head'
import { greatestDifference } from '../../engine/hypernet/hypernetwork'
import type { Matrix } from '../../engine/numeric/matrix'
import { cardMeans } from '../../engine/training/checkpoint'
import { writeFileAtomic } from '../../workspace/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext, OperationInput, OperationOutput } from '../operation'
import { checkpointName } from './arms'
import { encodeCard } from './card-choice'
import type { WarmEngine } from './warm-engine'

/** Above this the file is not the engine's head any more (METHOD 4). */
const PARITY = 1e-5

/** Query texts, one a line, through an exported head; held against the engine where the head's run is in the workspace. */
export async function applyHeadFile(
  { head: headFile, texts: textFile, out }: OperationInput<'apply-head'>,
  context: OperationContext,
  warm: WarmEngine,
): Promise<OperationOutput<'apply-head'>> {
  const { head, origin } = decodeHead(await readInput(headFile, 'a head file'), headFile)
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
  if (encoder.sha256 !== origin.encoderSha256) throw otherEncoder(origin, encoder)
  const vectors = await encoder.encode(texts, { signal: context.signal })
  const applied = applyHead(head, vectors)
  const parity = await engineParity(applied, vectors, origin, encoder, context, warm)
  if (parity !== null && parity > PARITY) {
    throw new HydraError('HEAD_INVALID', {
      expected: `vectors within ${PARITY} of the engine's`,
      got: `a difference of ${parity.toExponential(2)}`,
      remedy: 'The file was changed, or the run was trained again: export the head again.',
      where: headFile,
    })
  }
  const file = resolve(out)
  await writeFileAtomic(file, writeNpy(applied))
  return { file, rows: applied.rows, columns: applied.columns, parity }
}

/** Greatest difference to the network itself on the same texts; null where its run is not in this workspace. */
async function engineParity(
  applied: Matrix,
  vectors: Matrix,
  origin: HeadOrigin,
  encoder: Encoder,
  context: OperationContext,
  warm: WarmEngine,
): Promise<number | null> {
  if (!existsSync(workspacePaths(context.workspace).run(origin.run).checkpoint(checkpointName('task card'))))
    return null
  const { run, checkpoint, network } = await warm.network(origin.run, context)
  const means = cardMeans(checkpoint, origin.dataset)
  const corpus = await warm.corpus(origin.dataset, run.request.seed ?? 1, encoder, context)
  const card = await encodeCard(origin.card, checkpoint, corpus, encoder)
  return greatestDifference(applied, network.transform(card, means, vectors))
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

function otherEncoder(origin: HeadOrigin, encoder: Encoder): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected: `the encoder that the head was made for, sha256 ${origin.encoderSha256.slice(0, 12)}…`,
    got: `${encoder.id}, sha256 ${encoder.sha256.slice(0, 12)}…`,
    remedy: 'Use the same encoder weights, or export the head from a run on this encoder.',
  })
}
