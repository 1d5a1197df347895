import { resolve } from 'node:path'
import type { TaskCard } from '../../../../shared/schemas/card'
import { alignTable } from '../align-table'
import { type CommandGroup, defineCommand } from '../arguments/command'
import { truncate } from '../fit-text'

const list = defineCommand({
  description: 'cards of the workspace and templates',
  mode: 'read',
  async run({ open }) {
    const client = await open()
    const cards = await client.cards.list()
    return {
      json: cards,
      text: () =>
        cards.length === 0
          ? 'No cards yet. Write one as cards/<id>.json in the workspace; a dataset’s own cards: hydra datasets show ID'
          : alignTable(
              [
                { title: 'id' },
                { title: 'origin' },
                { title: 'examples', align: 'right' },
                { title: 'description' },
              ],
              cards.map(({ card, origin }) => [
                card.id,
                origin,
                String(card.examples.length),
                truncate(card.description, 70),
              ]),
            ),
    }
  },
})

const show = defineCommand({
  description: 'one card: of the workspace, a template, or dataset/card',
  arguments: { id: { description: 'id of the card, or dataset/card' } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.show({ id: args.id })
    return { json: card, text: () => describeCard(card) }
  },
})

const validate = defineCommand({
  description: 'check a card file',
  arguments: { file: { description: 'a JSON file with a task card' } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.validate({ file: resolve(args.file) })
    return { json: card, text: () => `Valid.\n${describeCard(card)}` }
  },
})

function describeCard(card: TaskCard): string {
  return [
    `${card.id}: ${card.name}`,
    `description: ${card.description}`,
    ...(card.domain ? [`domain: ${card.domain}`] : []),
    ...(card.queryType ? [`query type: ${card.queryType}`] : []),
    ...(card.wordings?.length ? [`wordings: ${card.wordings.length}`] : []),
    `examples: ${card.examples.length}`,
    ...card.examples.map(({ query, document }) => `  ${truncate(query, 50)} → ${truncate(document, 60)}`),
  ].join('\n')
}

export const cards: CommandGroup = {
  description: 'list, show and check task cards',
  commands: { list, show, validate },
}
