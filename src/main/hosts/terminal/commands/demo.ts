import type { JobEvent, JobRecord } from '../../../../shared/schemas/job'
import { askSearch, type SearchAnswer } from '../../../services/serving/ask-search'
import { defineCommand } from '../arguments/command'
import { wholeNumber } from '../arguments/option-values'
import { SPLIT_SEED, seedOf } from '../arguments/seed-options'
import { runCollectionDemo } from '../demo/collection-demo'
import { DEMO_COLLECTIONS } from '../demo/demo-collections'
import { followJob } from '../follow-job'
import { formatDuration } from '../format-number'
import { ladderTable } from '../ladder-table'
import { searchTable } from '../search-table'
import { requireVerdict } from '../verdict-answer'

/** A card that no one judged: the reader sees for herself. */
const LIVE_TRY = {
  query: 'wedding',
  describe: 'find the musical instrument most related to the query',
}

export const demo = defineCommand({
  description:
    'train on wordnet-finds, or a published collection, and show what cards do that were never trained, with every control beside',
  options: {
    collection: {
      choices: DEMO_COLLECTIONS.map(({ name }) => name),
      description: DEMO_COLLECTIONS.map(({ name, about }) => `${name}: ${about}`).join('; '),
      value: 'NAME',
    },
    'split-seed': SPLIT_SEED,
    steps: { description: 'training steps, fewer for a quick look', value: 'N' },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const steps = wholeNumber(args.steps, '--steps', 1, 1_000_000)
    const asked = { seed, splitSeed: seedOf(args['split-seed'], '--split-seed'), steps }
    const client = await open()
    const collection = DEMO_COLLECTIONS.find(({ name }) => name === args.collection)
    if (collection) return runCollectionDemo(collection, asked, { client, terminal, signal })
    const started = await client.training.demo(asked)
    const [strictRun, besideRun] = started.runs
    const { query, describe } = LIVE_TRY
    let live: Promise<SearchAnswer> | undefined
    const tryLive = () => {
      live ??= askSearch((asked) => client.playground.rank(asked, { signal }), {
        run: strictRun,
        query,
        choice: { describe },
      })
      return live
    }
    // While the last scores are made, those of the second run: the strict run's network is there, and opening it takes seconds.
    let scored = 0
    const onEvent = (event: JobEvent) => {
      if (event.type !== 'progress' || event.progress.phase !== 'evaluate' || event.progress.done > 1) return
      scored++
      if (scored === 2) tryLive().catch(() => undefined)
    }
    const job = await followJob({ client, terminal, signal, onEvent }, started.job)
    const strict = await requireVerdict(client, strictRun)
    const oneWay = await requireVerdict(client, besideRun)
    const search = await tryLive()
    return {
      json: { ...strict, oneWay, search },
      text: () =>
        [
          ladderTable(strict, {
            columns: terminal.columns,
            title:
              'Strict hold-out: no trained card lies for more than half inside an unseen one, or holds more than half of one',
          }),
          '',
          ladderTable(oneWay, {
            columns: terminal.columns,
            title:
              'Beside it, one-way hold-out: trained cards may hold all of an unseen one; what is more here is theirs',
          }),
          '',
          `Try it: hydra search ${strictRun} --describe "${describe}" --query "${query}"`,
          'A free description that nobody judged; the frozen encoder beside it:',
          '',
          searchTable(search, terminal.columns),
          '',
          `Took ${formatDuration(secondsOf(job))}. Open the window on it: npm start`,
        ].join('\n'),
    }
  },
})

/** The runs overlap: their own seconds do not add up to it. */
function secondsOf({ createdAt, endedAt }: JobRecord): number {
  return endedAt === null ? 0 : (Date.parse(endedAt) - Date.parse(createdAt)) / 1000
}
