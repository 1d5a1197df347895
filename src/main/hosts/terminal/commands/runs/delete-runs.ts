import { defineCommand } from '../../arguments/command'

const SOME = { runs: { description: 'ids of the runs', many: true } } as const

const remove = defineCommand({
  description: 'delete runs; for a day they can be restored',
  arguments: SOME,
  mode: 'read',
  async run({ args, open }) {
    const deleted = await (await open()).runs.delete({ ids: [...args.runs] })
    const ids = deleted.map(({ id }) => id).join(' ')
    return { json: deleted, text: () => `Deleted: ${ids}. To have them back: hydra runs restore ${ids}` }
  },
})

const restore = defineCommand({
  description: 'bring deleted runs back; without a name, list those that can be',
  arguments: { runs: { description: 'ids of the runs', many: true, optional: true } },
  mode: 'read',
  async run({ args, open }) {
    const client = await open()
    if (args.runs.length === 0) {
      const deleted = await client.runs.deleted()
      const line = ({ id, title, deletedAt }: (typeof deleted)[number]) =>
        `${id}  ${title}, deleted ${deletedAt}`
      return {
        json: deleted,
        text: () => (deleted.length === 0 ? 'Nothing was deleted.' : deleted.map(line).join('\n')),
      }
    }
    const { ids } = await client.runs.restore({ ids: [...args.runs] })
    return { json: { ids }, text: () => `Restored: ${ids.join(' ')}.` }
  },
})

export const deletionCommands = { delete: remove, restore }
