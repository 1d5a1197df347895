import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exists } from '../encoders/model-files'
import type { ResolvedModel } from '../encoders/model-folder'

/** What says how texts become tokens. */
export const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'] as const
/** What its authors want to go along. */
export const LICENCE_FILES = [
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'NOTICE',
  'NOTICE.md',
  'NOTICE.txt',
] as const

/** Those of an encoder's files that are there, unchanged. @returns the names of what was copied */
export async function copyEncoderFiles(
  { folder }: ResolvedModel,
  names: readonly string[],
  target: string,
): Promise<string[]> {
  const there: string[] = []
  for (const name of names) if (await exists(join(folder, name))) there.push(name)
  for (const name of there) {
    await mkdir(dirname(join(target, name)), { recursive: true })
    await copyFile(join(folder, name), join(target, name))
  }
  return there
}
