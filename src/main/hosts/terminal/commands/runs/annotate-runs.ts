import type { AnnotationChange } from '../../../../../shared/schemas/runs/annotations'
import { type Answer, defineCommand, type ServiceClient } from '../../arguments/command'

const RUN = { description: 'id of the run' } as const
const SOME = { runs: { description: 'ids of the runs', many: true } } as const

const rename = defineCommand({
  description: 'give a run a name; without one it is called by its own title again',
  arguments: { run: RUN, name: { description: 'its name, in quotes', optional: true } },
  mode: 'read',
  async run({ args, open }) {
    return annotated(await open(), [args.run], { name: args.name ?? null })
  },
})

const tag = defineCommand({
  description: 'put tags on a run, or take them off',
  arguments: { run: RUN, tags: { description: 'the tags', many: true } },
  options: { remove: { description: 'take these off' } },
  mode: 'read',
  async run({ args, open }) {
    const tags = [...args.tags]
    return annotated(await open(), [args.run], args.remove ? { untag: tags } : { tag: tags })
  },
})

const note = defineCommand({
  description: 'write notes about a run in place of those that are there; without any they go',
  arguments: { run: RUN, notes: { description: 'the notes, in quotes', optional: true } },
  mode: 'read',
  async run({ args, open }) {
    return annotated(await open(), [args.run], { notes: args.notes ?? '' })
  },
})

const archive = defineCommand({
  description: 'leave runs out of lists, or take them back in',
  arguments: SOME,
  options: { undo: { description: 'take them back in' } },
  mode: 'read',
  async run({ args, open }) {
    return annotated(await open(), [...args.runs], { archived: !args.undo })
  },
})

async function annotated(client: ServiceClient, ids: string[], change: AnnotationChange): Promise<Answer> {
  const written = await client.runs.annotate({ ids, ...change })
  return {
    json: written,
    text: () =>
      written
        .map(({ id, annotations: { name, tags, notes, archived } }) =>
          [
            `${id}${name ? `: ${name}` : ''}${archived ? ', archived' : ''}`,
            ...(tags.length > 0 ? [`tags: ${tags.join(', ')}`] : []),
            ...(notes ? [`notes: ${notes}`] : []),
          ].join('\n'),
        )
        .join('\n'),
  }
}

export const annotationCommands = { rename, tag, note, archive }
