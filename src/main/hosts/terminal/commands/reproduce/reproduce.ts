import { defineCommand } from '../../arguments/command'
import { followJob } from '../../follow-job'
import { reproductionText } from './reproduction-text'

export const reproduce = defineCommand({
  description: 'make a run again from what it recorded, and say line by line what agrees',
  arguments: { run: { description: 'id of a run that is done' } },
  options: {
    with: { description: 'compare with this run of the same request in place of a new one', value: 'RUN' },
  },
  mode: 'write',
  async run({ args, open, terminal, signal }) {
    const client = await open()
    let again = args.with
    if (again === undefined) {
      const started = await client.reproductions.start({ id: args.run })
      await followJob({ client, terminal, signal }, started.job)
      again = started.runs[0]
    }
    const found = await client.reproductions.compare({ original: args.run, again })
    return {
      json: found,
      exitCode: found.reproduced ? 0 : 1,
      text: () => reproductionText(found),
    }
  },
})
