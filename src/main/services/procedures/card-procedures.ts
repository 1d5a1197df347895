import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../shared/schemas/card'
import { nearestIds } from '../../engine/datasets/nearest-ids'
import { writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { readDatasetCards } from '../dataset-cards'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

type Origin = 'workspace' | 'template'

export function cardProcedures(context: ServiceContext) {
  const { cards } = procedures
  const paths = workspacePaths(context.workspace)
  const templates = join(context.appRoot, 'resources', 'cards')

  const listAll = async () => [
    ...(await listFolder(paths.cards, 'workspace')),
    ...(await listFolder(templates, 'template')),
  ]

  return {
    list: cards.list.handler(listAll),

    /** A card of a person, a template, or `dataset/card`. */
    show: cards.show.handler(async ({ input }) => {
      const [dataset, cardId] = input.id.split('/')
      if (cardId !== undefined) {
        const record = await requireDataset(context.workspace, dataset)
        const own = await readDatasetCards(paths.dataset(record.id), record, templates)
        return findCard(own, cardId, input.id)
      }
      const known = (await listAll()).map(({ card }) => card)
      return findCard(known, input.id, input.id)
    }),

    validate: cards.validate.handler(({ input }) => readCard(resolve(input.file))),

    save: cards.save.handler(async ({ input }) => {
      requireWriter(context)
      const { card, replace } = input
      const file = paths.card(card.id)
      if (!replace && existsSync(file)) {
        throw new HydraError('CARD_EXISTS', {
          expected: 'the id of a card that is new',
          got: card.id,
          remedy: 'Choose another id, or replace the card.',
          where: file,
        })
      }
      await writeJsonAtomic(file, card)
      return { card, file }
    }),
  }
}

function findCard(cards: readonly TaskCard[], id: string, asked: string): TaskCard {
  const card = cards.find((candidate) => candidate.id === id)
  if (card) return card
  const near = nearestIds(
    id,
    cards.map((candidate) => candidate.id),
    3,
  )
  throw new HydraError('CARD_UNKNOWN', {
    expected: 'a card of this workspace, a template, or dataset/card',
    got: JSON.stringify(asked),
    remedy: near.length > 0 ? `Nearest: ${near.join(', ')}.` : 'Choose a card that is there.',
    command: 'hydra cards list',
  })
}

/** Cards of a folder in order of id; a file that is no card is left out of lists (`cards validate` says why). */
async function listFolder(folder: string, origin: Origin): Promise<{ card: TaskCard; origin: Origin }[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort()
  const cards = await Promise.all(names.map((name) => readCard(join(folder, name)).catch(() => null)))
  return cards.filter((card) => card !== null).map((card) => ({ card, origin }))
}

/** A card file, checked; says the line of the field that is wrong where it can be found. */
async function readCard(path: string): Promise<TaskCard> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HydraError('FILE_MISSING', {
      expected: 'a readable JSON file with a task card',
      got: error.code === 'ENOENT' ? 'nothing of that name' : error.message,
      remedy: 'Check the path.',
      where: path,
    })
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalidCard(path, (error as Error).message)
  }
  const parsed = cardSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue.path.join('.')
  throw invalidCard(
    `${path}:${lineOf(text, issue.path)}`,
    field ? `${field}: ${issue.message}` : issue.message,
  )
}

function invalidCard(where: string, got: string): HydraError {
  return new HydraError('CARD_INVALID', {
    expected: 'a task card: id, name, description; possibly domain, queryType, examples, wordings',
    got,
    remedy: 'Correct the field.',
    command: 'hydra cards show ID',
    where,
  })
}

/** 1-based line of the first named field of the path, or 1 where it is missing from the file. */
function lineOf(text: string, path: readonly PropertyKey[]): number {
  const field = path.findLast((part) => typeof part === 'string')
  const at = field === undefined ? -1 : text.indexOf(JSON.stringify(field))
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}
