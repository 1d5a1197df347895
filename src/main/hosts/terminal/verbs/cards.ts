import { resolve } from 'node:path'
import { defineCommand } from 'citty'
import type { TaskCard } from '../../../../shared/schemas/card'
import { alignTable, truncate } from '../align-table'
import { defineVerb } from '../verb'

const list = defineVerb({
  description: 'cards of the workspace and templates',
  args: {},
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

const show = defineVerb({
  description: 'one card: of the workspace, a template, or dataset/card',
  args: { id: { type: 'positional', required: true, description: 'id of the card, or dataset/card' } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.show({ id: args.id })
    return { json: card, text: () => describeCard(card) }
  },
})

const validate = defineVerb({
  description: 'check a card file',
  args: { file: { type: 'positional', required: true, description: 'a JSON file with a task card' } },
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

export const cards = defineCommand({
  meta: { description: 'list, show and check task cards' },
  subCommands: { list, show, validate },
})
