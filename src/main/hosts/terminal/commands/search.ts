import { askSearch } from '../../../services/serving/ask-search'
import { CARD_OPTIONS, missingCard, namedCard } from '../arguments/card-choice'
import { defineCommand, type ServiceClient } from '../arguments/command'
import { HAND_OUT_OPTION, readHandOut } from '../arguments/hand-out'
import { wholeNumber } from '../arguments/option-values'
import { usageError } from '../arguments/usage-error'
import { searchTable } from '../search-table'

export const search = defineCommand({
  description: 'rank a corpus for a query: frozen beside a card of your choice',
  arguments: { run: { description: 'id of the run, or frozen' } },
  options: {
    query: { required: true, description: 'what to search for', value: 'TEXT' },
    ...CARD_OPTIONS,
    dataset: {
      description: 'the corpus, where the run knows several or is frozen',
      value: 'ID',
    },
    'hand-out': HAND_OUT_OPTION,
    k: { description: 'hits to show (default 10)', value: '10' },
  },
  mode: 'read',
  async run({ args, open, terminal, signal }) {
    const isFrozen = args.run === 'frozen'
    const readCard = namedCard(args)
    if (!readCard && !isFrozen) throw missingCard()
    const k = wholeNumber(args.k, '--k', 1, 100)
    const handOut = readHandOut(args['hand-out'])
    const client = await open()
    const choice = await readCard?.(client)
    const dataset = args.dataset ?? (isFrozen ? await frozenCorpus(args.task, client) : undefined)
    const request = {
      run: args.run,
      query: args.query,
      choice: isFrozen ? undefined : choice,
      dataset,
      handOut,
      k,
    }
    const result = await askSearch((asked) => client.playground.rank(asked, { signal }), request)
    return { json: result, text: () => searchTable(result, terminal.columns) }
  },
})

/** The frozen encoder has no run to say which corpus: the task's, or the only one of the workspace. */
async function frozenCorpus(task: string | undefined, client: ServiceClient): Promise<string> {
  if (task !== undefined) return task.split('/')[0]
  const datasets = await client.datasets.list()
  if (datasets.length === 1) return datasets[0].id
  throw usageError(
    '--dataset ID or --task T with frozen',
    `none, and ${datasets.length} datasets in the workspace`,
  )
}
