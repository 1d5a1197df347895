import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { BUILT_IN_DATASETS, isBuiltIn } from '../../../../shared/built-in-datasets'
import type { SerializedError } from '../../../../shared/errors'
import type { DatasetRecord, HashedSplits } from '../../../../shared/schemas/dataset'
import { isSource } from '../../../engine/datasets/sources'
import { alignTable } from '../align-table'
import { type CommandGroup, defineCommand } from '../arguments/command'
import { wholeNumber } from '../arguments/option-values'
import { usageError } from '../arguments/usage-error'
import { datasetTable, describeSplits, familyRows } from '../dataset-table'
import { findingLines } from '../finding-lines'
import { truncate, wrap } from '../fit-text'
import { followJob } from '../follow-job'
import { formatCount } from '../format-number'
import { generateQueries } from './datasets/generate-queries'
import { lintDatasets } from './datasets/lint-datasets'

/** Collections that are built and not read from a folder. */
const BUILT_IN = BUILT_IN_DATASETS.map(({ id }) => id).join(', ')
/** Tasks that `show` prints; `--json` gives all. */
const SHOWN_TASKS = 20

const importDataset = defineCommand({
  description: `copy a BEIR folder or zip, or a family of them, into the workspace, build ${BUILT_IN}, or fetch a source by its name (hydra list source)`,
  arguments: { source: { description: `folder, zip, ${BUILT_IN}, or a source such as beir/scifact` } },
  options: {
    from: {
      description:
        'a published file of a source that is here already, in place of fetching it; may come several times',
      value: 'FILE',
      repeatable: true,
    },
    id: {
      description:
        'id in the workspace, of a family what the ids of its corpora begin with; by default the name of the source',
      value: 'ID',
    },
    documents: {
      description: 'size of wordnet-finds, 20000 to 117791; another size gets an id of its own',
      value: 'N|all',
    },
    split: {
      description:
        'hash the judged queries of a collection without train split into train, dev and test, in percent: 50/20/30; every table says so',
      value: 'TRAIN/DEV/TEST',
    },
    replace: { description: 'in place of a dataset of that id, once the new one is whole' },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const documents =
      args.documents === 'all' ? 'all' : wholeNumber(args.documents, '--documents', 20_000, 117_791)
    const split = args.split === undefined ? undefined : readShares(args.split)
    const client = await open()
    const isName = isBuiltIn(args.source) || isSource(args.source)
    const source = isName && !existsSync(args.source) ? args.source : resolve(args.source)
    const before = new Set((await client.datasets.list()).map(({ id, importedAt }) => `${id} ${importedAt}`))
    const { job } = await client.datasets.import({
      source,
      from: args.from?.map((path) => resolve(path)),
      id: args.id,
      documents,
      seed,
      split,
      replace: args.replace,
    })
    const refused: SerializedError[] = []
    await followJob(
      {
        client,
        terminal,
        signal,
        onEvent: (event) => {
          if (event.type === 'log' && event.error) refused.push(event.error as SerializedError)
        },
      },
      job,
    )
    const imported = (await client.datasets.list()).filter(
      ({ id, importedAt }) => !before.has(`${id} ${importedAt}`),
    )
    const [record] = imported
    if (record?.family !== undefined) {
      return {
        json: { family: record.family, imported, refused },
        text: () => describeFamily(imported, refused.length),
      }
    }
    return {
      json: record ?? null,
      text: () => (record ? describeDataset(record, terminal.columns) : 'Nothing new.'),
    }
  },
})

const list = defineCommand({
  description: 'datasets of the workspace, a family in one row',
  mode: 'read',
  async run({ open }) {
    const client = await open()
    const datasets = await client.datasets.list()
    return {
      json: datasets,
      text: () =>
        datasets.length === 0
          ? 'No datasets yet. Import one: hydra datasets import FOLDER-OR-ZIP, or hydra datasets import wordnet-finds'
          : datasetTable(familyRows(datasets)),
    }
  },
})

const show = defineCommand({
  description: 'one dataset: sizes, splits, what the import noticed, its tasks; or the corpora of a family',
  arguments: { id: { description: 'id of the dataset or family' } },
  mode: 'read',
  async run({ args, open, terminal }) {
    const client = await open()
    const corpora = (await client.datasets.list()).filter(({ family }) => family === args.id)
    if (corpora.length > 0) return { json: corpora, text: () => datasetTable(corpora) }
    const dataset = await client.datasets.show({ id: args.id })
    return {
      json: dataset,
      text: () => {
        const tasks = alignTable(
          [
            { title: 'task' },
            { title: 'train', align: 'right' },
            { title: 'dev', align: 'right' },
            { title: 'test', align: 'right' },
            { title: 'description' },
          ],
          dataset.tasks
            .slice(0, SHOWN_TASKS)
            .map(({ id, train, dev, test, description }) => [
              id,
              formatCount(train),
              formatCount(dev),
              formatCount(test),
              truncate(description, 60),
            ]),
        )
        const rest = dataset.tasks.length - SHOWN_TASKS
        const more = rest > 0 ? `\n… and ${formatCount(rest)} more (--json lists all)` : ''
        return `${describeDataset(dataset, terminal.columns)}\n\n${tasks}${more}`
      },
    }
  },
})

const remove = defineCommand({
  description: 'delete a dataset; runs made with it stay, but need it to be searched, scored or resumed',
  arguments: { id: { description: 'id of the dataset' } },
  mode: 'write',
  async run({ args, open, terminal }) {
    const client = await open()
    const deleted = await client.datasets.delete({ id: args.id })
    const { runs } = deleted
    const made = runs.length > 0 ? `Made with it: ${runs.join(', ')}.` : 'No run was made with it.'
    return {
      json: deleted,
      text: () => [`${args.id} is deleted.`, ...wrap(made, terminal.columns)].join('\n'),
    }
  },
})

/** `50/20/30` */
function readShares(text: string): HashedSplits {
  const [, train, dev, test] = (/^(\d{1,2})\/(\d{1,2})\/(\d{1,2})$/.exec(text) ?? []).map(Number)
  if (train > 0 && dev > 0 && test > 0 && train + dev + test === 100) return { train, dev, test }
  throw usageError('--split as three whole percentages that sum to 100, such as 50/20/30', text)
}

function describeHashed({ hashed }: DatasetRecord): string {
  return hashed ? `all judged queries were hashed ${hashed.train}/${hashed.dev}/${hashed.test} here` : ''
}

function describeDataset(dataset: DatasetRecord, columns: number): string {
  const own = {
    none: 'stays in the ranking',
    'same-id': 'dropped by equal id',
    paper: 'dropped by the paper’s id',
  }
  const named = dataset.splitFiles?.dev
  const given = named === undefined ? 'given' : `given as ${named}`
  const dev = { given, train: 'taken from train', hashed: describeHashed(dataset), none: 'there is none' }
  return [
    `${dataset.id}: ${dataset.title}`,
    ...(dataset.summary ? wrap(dataset.summary, columns) : []),
    `${formatCount(dataset.documents)} documents, ${formatCount(dataset.queries)} queries, ${formatCount(dataset.cards)} ${dataset.cards === 1 ? 'card' : 'cards'}`,
    `splits: ${describeSplits(dataset.splits)} (dev: ${dev[dataset.devFrom]}); the query’s own document ${own[dataset.exclude]}`,
    ...(dataset.licence ? [`licence: ${dataset.licence}`] : []),
    `sha256: ${dataset.sha256}`,
    ...dataset.findings.flatMap((finding) => findingLines(finding, columns)),
  ].join('\n')
}

function describeFamily(imported: readonly DatasetRecord[], refused: number): string {
  const [{ family, licence }] = imported
  const left = refused > 0 ? `, ${formatCount(refused)} left out for the reasons above` : ''
  return [
    `${family}: ${formatCount(imported.length)} ${imported.length === 1 ? 'corpus' : 'corpora'} imported${left}; their tasks together: ${family}.*`,
    `licence: ${licence}`,
    '',
    datasetTable(familyRows(imported)),
  ].join('\n')
}

export const datasets: CommandGroup = {
  description: 'import, list, show, lint and delete collections, and have queries written of them',
  commands: {
    import: importDataset,
    list,
    show,
    lint: lintDatasets,
    queries: generateQueries,
    delete: remove,
  },
}
