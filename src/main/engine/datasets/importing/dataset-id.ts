import { basename } from 'node:path'
import { HydraError } from '../../../../shared/errors'

/** Files are named after a dataset and a card together, and a name has at most 255 bytes. */
const MOST_BYTES = 64

/** The file or folder of a dataset without the ending of an archive. */
export function sourceName(source: string): string {
  return basename(source).replace(/\.(zip|tar|tgz|(tar\.)?(gz|bz2|xz|zst))$/i, '')
}

/**
 * The id that a dataset gets of its source: what browsers and file managers add to a second copy goes (`scifact (1).zip` is
 * `scifact`), so that a known collection stays known; what no id holds becomes a dash. @throws USAGE where nothing is left
 */
export function idOfSource(source: string): string {
  const name = sourceName(source)
    .normalize('NFC')
    .replace(/\s*\(\d+\)$/, '')
    .replace(/\s+(-\s+)?copy(\s+\d+)?$/i, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|-+$/gu, '')
  let id = ''
  for (const letter of name) {
    if (Buffer.byteLength(id + letter) > MOST_BYTES) break
    id += letter
  }
  return checkId(id)
}

/** The id of one corpus of a family: `aws-commands.iam`. @throws USAGE where it is too long */
export function corpusId(family: string, corpus: string): string {
  const name = corpus
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/-+$/, '')
  return checkId(`${family}.${name}`)
}

/** An id names a folder and is the first part of task ids. @throws USAGE */
export function checkId(id: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(id) && Buffer.byteLength(id) <= MOST_BYTES) return id
  throw new HydraError('USAGE', {
    expected: `a dataset id of letters, digits, dot, dash and underscore, at most ${MOST_BYTES} bytes`,
    got: JSON.stringify(id),
    remedy: 'Give it one.',
    command: 'hydra datasets import SOURCE --id ID',
  })
}
