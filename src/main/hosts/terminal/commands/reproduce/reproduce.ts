import { defineCommand } from '../../arguments/command'
import { commaList } from '../../arguments/option-values'
import { usageError } from '../../arguments/usage-error'
import { followJob } from '../../follow-job'
import { reproduceClaims } from './reproduce-claims'
import { reproductionText } from './reproduction-text'

/** In the place of a run: all figures that README and docs claim. No run is called so: an id begins with its date. */
const CLAIMS = 'claims'

export const reproduce = defineCommand({
  description:
    'make a run again from what it recorded, and say line by line what agrees; or every figure that README and docs claim',
  arguments: { run: { description: 'id of a run that is done, or the word claims' } },
  options: {
    with: { description: 'compare with this run of the same request in place of a new one', value: 'RUN' },
    only: { description: 'of the claims those of these ids, * for any characters', value: 'a,b' },
    made: { description: 'of the claims what is made already: nothing is trained' },
  },
  mode: 'write',
  async run({ args, open, terminal, signal }) {
    const isClaims = args.run === CLAIMS
    if (isClaims && args.with !== undefined)
      throw usageError('--with beside the id of a run', 'the word claims')
    if (!isClaims && (args.only !== undefined || args.made)) {
      throw usageError('--only and --made beside the word claims', args.run)
    }
    const client = await open()
    if (isClaims) {
      const choice = { only: commaList(args.only), trains: !args.made }
      return reproduceClaims({ client, terminal, signal }, choice)
    }
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
