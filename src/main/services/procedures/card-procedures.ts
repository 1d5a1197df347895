import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { EventPublisher } from '@orpc/server'
import { HydraError } from '../../../shared/errors'
import { cardSchema, type TaskCard } from '../../../shared/schemas/card'
import { nearestIds } from '../../engine/datasets/nearest-ids'
import { resolveGenerator } from '../../engine/encoders/transformers/generator-model'
import {
  listCardFiles,
  listCardVersions,
  readCardFile,
  removeCardFile,
  restoreCardVersion,
  writeCardFile,
} from '../../workspace/card-files'
import { formatCard, parseCard } from '../../workspace/card-text'
import { isSafeId, workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import { readDatasetCards } from '../dataset-cards'
import { modelRoots } from '../model-roots'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'
import { streamRequest } from './stream-request'

export function cardProcedures(context: ServiceContext) {
  const { cards } = procedures
  const { workspace, session, now } = context
  const paths = workspacePaths(workspace)
  const templates = join(context.appRoot, 'resources', 'cards')
  const changed = new EventPublisher<{ card: { id: string } }>()

  const listAll = async () => {
    const [own, shipped] = await Promise.all([listCardFiles(paths.cards), listCardFiles(templates)])
    return [
      ...own.map((card) => ({ card, origin: 'workspace' as const })),
      ...shipped.map((card) => ({ card, origin: 'template' as const })),
    ]
  }
  /** The id of a card that is in the workspace. */
  const ownCard = async (id: string): Promise<string> => {
    if (isSafeId(id) && existsSync(paths.card(id))) return id
    return findCard(await listCardFiles(paths.cards), id, id).id
  }

  return {
    list: cards.list.handler(listAll),

    /** A card of a person, a template, or `dataset/card`. */
    show: cards.show.handler(async ({ input }) => {
      const [dataset, cardId] = input.id.split('/')
      if (cardId !== undefined) {
        const record = await requireDataset(workspace, dataset)
        const named = await readDatasetCards(paths.dataset(record.id), record, templates)
        const own = named.map(({ card }) => card)
        // The one card of a dataset is named as its task is.
        return own.length === 1 && cardId === record.id ? own[0] : findCard(own, cardId, input.id)
      }
      const known = (await listAll()).map(({ card }) => card)
      return findCard(known, input.id, input.id)
    }),

    validate: cards.validate.handler(({ input }) => readCardFile(resolve(input.file))),
    parse: cards.parse.handler(({ input }) => parseCard(input.text)),
    format: cards.format.handler(({ input }) => ({ text: formatCard(input.card, input.format) })),
    check: cards.check.handler(({ input }) => {
      const issues = cardSchema.safeParse(input.card).error?.issues ?? []
      return issues.map(({ path, message }) => ({ field: path.join('.'), message }))
    }),

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
      await writeCardFile(workspace, card, now())
      changed.publish('card', { id: card.id })
      return { card, file }
    }),

    remove: cards.remove.handler(async ({ input }) => {
      requireWriter(context)
      const version = await removeCardFile(workspace, await ownCard(input.id), now())
      changed.publish('card', { id: input.id })
      return { version }
    }),

    history: cards.history.handler(({ input }) =>
      isSafeId(input.id) ? listCardVersions(workspace, input.id) : [],
    ),

    restore: cards.restore.handler(async ({ input }) => {
      requireWriter(context)
      const card = await restoreCardVersion(workspace, input, now())
      changed.publish('card', { id: card.id })
      return card
    }),

    changes: cards.changes.handler(({ signal }) => changed.subscribe('card', { signal })),

    draw: cards.draw.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.task.split('/', 1)[0])
      return session.request('draw-examples', input, signal)
    }),
    suggest: cards.suggest.handler(async ({ input, signal }) => {
      if ('task' in input.of) await requireDataset(workspace, input.of.task.split('/', 1)[0])
      await resolveGenerator(input.model, modelRoots(context))
      return streamRequest(session, 'suggest-queries', input, signal)
    }),
    tokens: cards.tokens.handler(({ input, signal }) => session.request('card-tokens', input, signal)),
    lint: cards.lint.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.task.split('/', 1)[0])
      return session.request('lint-card', input, signal)
    }),
    nearest: cards.nearest.handler(async ({ input, signal }) => {
      await readRun(workspace, input.run)
      await requireDataset(workspace, input.dataset)
      return session.request('nearest-cards', input, signal)
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
