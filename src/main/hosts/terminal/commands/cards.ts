import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CARD_FORMATS } from '../../../../shared/card-formats'
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
  arguments: { file: { description: 'a file with a task card: JSON, or YAML front matter' } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.validate({ file: resolve(args.file) })
    return { json: card, text: () => `Valid.\n${describeCard(card)}` }
  },
})

const importCard = defineCommand({
  description: 'write a card file into the workspace',
  arguments: { file: { description: 'a file with a task card: JSON, or YAML front matter' } },
  options: { replace: { description: 'also where there is a card of its id, which is kept as a version' } },
  mode: 'write',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.validate({ file: resolve(args.file) })
    const saved = await client.cards.save({ card, replace: args.replace === true })
    return { json: saved, text: () => `${saved.card.id} is in ${saved.file}` }
  },
})

const exportCard = defineCommand({
  description: 'one card as text: of the workspace, a template, or dataset/card',
  arguments: { id: { description: 'id of the card, or dataset/card' } },
  options: {
    format: {
      description: 'yaml: front matter, and the description below it',
      value: 'FORMAT',
      choices: CARD_FORMATS,
    },
    out: { description: 'file to write; the screen where it is left out', value: 'FILE' },
  },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    const card = await client.cards.show({ id: args.id })
    const { text } = await client.cards.format({ card, format: args.format ?? 'yaml' })
    if (args.out !== undefined) await writeFile(resolve(args.out), text)
    return {
      json: args.out === undefined ? { text } : { file: resolve(args.out) },
      text: () => (args.out === undefined ? text.trimEnd() : `Wrote ${resolve(args.out)}`),
    }
  },
})

const remove = defineCommand({
  description: 'delete a card of the workspace; it is kept as a version',
  arguments: { id: { description: 'id of the card' } },
  mode: 'write',
  async run({ args, open }) {
    const { version } = await (await open()).cards.remove({ id: args.id })
    return {
      json: { id: args.id, version },
      text: () => `${args.id} is gone. To bring it back: hydra cards restore ${args.id} ${version}`,
    }
  },
})

const history = defineCommand({
  description: 'versions of a card that were replaced or deleted',
  arguments: { id: { description: 'id of the card' } },
  mode: 'read',
  async run({ args, open }) {
    const versions = await (await open()).cards.history({ id: args.id })
    return {
      json: versions,
      text: () =>
        versions.length === 0
          ? 'No earlier version.'
          : alignTable(
              [{ title: 'version' }, { title: 'examples', align: 'right' }, { title: 'description' }],
              versions.map(({ version, card }) => [
                version,
                String(card.examples.length),
                truncate(card.description, 70),
              ]),
            ),
    }
  },
})

const restore = defineCommand({
  description: 'make a version of a card the card again',
  arguments: { id: { description: 'id of the card' }, version: { description: 'as its history names it' } },
  mode: 'write',
  async run({ args, open }) {
    const card = await (await open()).cards.restore({ id: args.id, version: args.version })
    return { json: card, text: () => describeCard(card) }
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
  description: 'list, show, check, write and delete task cards',
  commands: { list, show, validate, import: importCard, export: exportCard, remove, history, restore },
}
