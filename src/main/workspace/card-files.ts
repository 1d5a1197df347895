import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../shared/errors'
import type { CardVersion } from '../../shared/schemas/authoring'
import type { TaskCard } from '../../shared/schemas/card'
import { writeJsonAtomic } from '../files/atomic-write'
import { formatCard, parseCard } from './card-text'
import { isSafeId, workspacePaths } from './paths'

const EXTENSION = '.json'

/** A card file, JSON or YAML front matter, checked; says the line of the field that is wrong where it can be found. */
export async function readCardFile(path: string): Promise<TaskCard> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HydraError('FILE_MISSING', {
      expected: 'a readable file with a task card',
      got: error.code === 'ENOENT' ? 'nothing of that name' : error.message,
      remedy: 'Check the path.',
      where: path,
    })
  })
  return parseCard(text, path)
}

/** Cards of a folder in order of id; a file that is no card is left out (`cards validate` says why). */
export async function listCardFiles(folder: string): Promise<TaskCard[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(EXTENSION)).sort()
  const cards = await Promise.all(names.map((name) => readCardFile(join(folder, name)).catch(() => null)))
  return cards.filter((card) => card !== null)
}

/** Writes a card; what it replaces is kept as a version. The very same card again changes nothing. */
export async function writeCardFile(workspace: string, card: TaskCard, now: Date): Promise<void> {
  const file = workspacePaths(workspace).card(card.id)
  const before = await readCardFile(file).catch(() => null)
  if (before && sameCard(before, card)) return
  if (before) await keepVersion(workspace, before, now)
  await writeJsonAtomic(file, card)
}

/** Takes a card away; it is kept as a version. @returns the version, by which it comes back */
export async function removeCardFile(workspace: string, id: string, now: Date): Promise<string> {
  const file = workspacePaths(workspace).card(id)
  const version = await keepVersion(workspace, await readCardFile(file), now)
  await rm(file)
  return version
}

/** Versions of a card that something else took the place of, newest first. */
export async function listCardVersions(workspace: string, id: string): Promise<CardVersion[]> {
  const folder = workspacePaths(workspace).cardHistory(id)
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(EXTENSION)).sort()
  const versions = await Promise.all(
    names.reverse().map(async (name) => {
      const version = name.slice(0, -EXTENSION.length)
      const card = await readCardFile(join(folder, name)).catch(() => null)
      return card && { version, until: timeOf(version), card }
    }),
  )
  return versions.filter((version) => version !== null)
}

/** The card of a version is the card again; the one that was there is kept in its turn. */
export async function restoreCardVersion(
  workspace: string,
  { id, version }: { readonly id: string; readonly version: string },
  now: Date,
): Promise<TaskCard> {
  const file = join(workspacePaths(workspace).cardHistory(id), `${version}${EXTENSION}`)
  const card = isSafeId(version) ? await readCardFile(file).catch(() => null) : null
  if (!card) {
    throw new HydraError('CARD_UNKNOWN', {
      expected: `a version of the card ${id}`,
      got: JSON.stringify(version),
      remedy: 'Choose one of its history.',
    })
  }
  await writeCardFile(workspace, card, now)
  return card
}

function sameCard(a: TaskCard, b: TaskCard): boolean {
  return formatCard(a, 'yaml') === formatCard(b, 'yaml')
}

async function keepVersion(workspace: string, card: TaskCard, now: Date): Promise<string> {
  const folder = workspacePaths(workspace).cardHistory(card.id)
  const taken = new Set(await readdir(folder).catch(() => []))
  let at = now.getTime()
  // Two in one millisecond: the later one is named a millisecond later.
  while (taken.has(`${versionOf(at)}${EXTENSION}`)) at++
  await writeJsonAtomic(join(folder, `${versionOf(at)}${EXTENSION}`), card)
  return versionOf(at)
}

/** ISO 8601's basic form: no colon, which some file systems do not take. `20261128T093000.123Z` */
function versionOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]/g, '')
}

function timeOf(version: string): string {
  return version.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(.*)$/, '$1-$2-$3T$4:$5:$6')
}
