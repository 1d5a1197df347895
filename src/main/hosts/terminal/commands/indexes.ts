import { resolve } from 'node:path'
import type { IndexName, IndexStatus } from '../../../../shared/schemas/indexes'
import { agreeToCost } from '../agree-to-cost'
import { alignTable } from '../align-table'
import { CARD_OPTIONS, namedCard } from '../arguments/card-choice'
import { type CommandGroup, defineCommand, type Options } from '../arguments/command'
import { HAND_OUT_OPTION, readHandOut } from '../arguments/hand-out'
import { wholeNumber } from '../arguments/option-values'
import { readIndexOptions } from '../arguments/read-index-options'
import { readWhere } from '../arguments/read-where'
import { usageError } from '../arguments/usage-error'
import { followJob } from '../follow-job'
import { formatCount } from '../format-number'
import { indexTable } from '../index-table'

const ENGINE_OPTIONS = {
  engine: { description: 'which engine; needed where several have an index of that name', value: 'ENGINE' },
  set: {
    repeatable: true,
    description: 'an option of the engine, repeatable: --set heldMegabytes=512; see hydra list index',
    value: 'NAME=VALUE',
  },
} as const satisfies Options

const NAME = { description: 'name of the index, the collection’s id unless another was given' } as const

const push = defineCommand({
  description: 'make an index hold a collection: sends what is missing, deletes what is gone',
  options: {
    collection: { required: true, description: 'a dataset of the workspace', value: 'ID' },
    name: { description: 'of the index, the collection’s id unless said', value: 'NAME' },
    engine: {
      description:
        'which engine: that of the index, else memory, or lancedb above 200,000 documents where it is installed',
      value: 'ENGINE',
    },
    set: ENGINE_OPTIONS.set,
    encoder: { description: 'whose vectors', value: 'MODEL' },
  },
  variants: { engine: 'index' },
  mode: 'write',
  async run({ args, open, terminal, signal }) {
    const { collection, name, engine, encoder } = args
    const options = await readIndexOptions(engine, args.set)
    const client = await open()
    await agreeToCost({ client, terminal, signal }, { encoder, datasets: [collection] })
    const { job, index } = await client.indexes.push({ collection, name, engine, options, encoder })
    await followJob({ client, terminal, signal }, job)
    const status = await client.indexes.status(index)
    const { pushed } = status
    return {
      json: status,
      text: () =>
        [
          statusLine(status),
          ...(pushed
            ? [
                `${formatCount(pushed.written)} vectors were sent, ${formatCount(pushed.kept)} lay there, ${formatCount(pushed.deleted)} were deleted.`,
              ]
            : []),
          `Search it: hydra index search ${index.name} --query TEXT`,
        ].join('\n'),
    }
  },
})

const status = defineCommand({
  description: 'what lies in an index, or in all that were pushed from this workspace',
  arguments: { index: { ...NAME, optional: true } },
  options: ENGINE_OPTIONS,
  variants: { engine: 'index' },
  mode: 'read',
  async run({ args, open }) {
    if (args.index === undefined && (args.engine ?? args.set) !== undefined)
      throw usageError('the name of the index that --engine and --set are about', 'none')
    const name = args.index === undefined ? null : await namedIndex(args.index, args)
    const client = await open()
    const all = name ? [await client.indexes.status(name)] : await client.indexes.list()
    return {
      json: name ? all[0] : all,
      text: () =>
        all.length === 0
          ? 'No index was pushed from this workspace yet: hydra index push --collection ID'
          : statusTable(all),
    }
  },
})

const search = defineCommand({
  description: 'rank the documents of an index for a query, frozen and through the head of a card',
  arguments: { index: NAME },
  options: {
    query: { required: true, description: 'what to search for', value: 'TEXT' },
    run: { description: 'whose head moves the query; with a card', value: 'RUN' },
    ...CARD_OPTIONS,
    head: {
      description: 'an exported head.safetensors in place of a run and a card',
      value: 'FILE',
      conflicts: ['run', 'task', 'card', 'describe', 'hand-out'],
    },
    'hand-out': HAND_OUT_OPTION,
    where: {
      repeatable: true,
      description: 'only documents whose metadata say so, repeatable: --where year=2020',
      value: 'FIELD=VALUE',
    },
    exact: { description: 'looks at every document, where the engine would approximate' },
    k: { description: 'hits to show (default 10)', value: '10' },
    ...ENGINE_OPTIONS,
  },
  variants: { engine: 'index' },
  mode: 'read',
  async run({ args, open, signal }) {
    const { query, run, exact } = args
    const readCard = namedCard(args)
    if ((run === undefined) !== (readCard === undefined))
      throw usageError(
        '--run with one of --task, --card and --describe',
        run === undefined ? 'a card alone' : '--run alone',
      )
    const k = wholeNumber(args.k, '--k', 1, 1000)
    const where = readWhere(args.where)
    const handOut = readHandOut(args['hand-out'])
    const name = await namedIndex(args.index, args)
    const client = await open()
    const head =
      args.head !== undefined
        ? { file: resolve(args.head) }
        : run !== undefined && readCard
          ? { run, choice: await readCard(client), handOut }
          : undefined
    const answer = await client.indexes.search({ ...name, query, k, head, where, exact }, { signal })
    return { json: answer, text: () => indexTable(query, answer) }
  },
})

const drop = defineCommand({
  description: 'delete an index in its engine; collections, runs and heads stay',
  arguments: { index: NAME },
  options: ENGINE_OPTIONS,
  variants: { engine: 'index' },
  mode: 'write',
  async run({ args, open }) {
    const name = await namedIndex(args.index, args)
    const gone = await (await open()).indexes.drop(name)
    return { json: gone, text: () => `The ${gone.engine} index ${gone.name} is gone.` }
  },
})

async function namedIndex(
  name: string,
  { engine, set }: { readonly engine?: string; readonly set?: readonly string[] },
): Promise<IndexName> {
  return { name, engine, options: await readIndexOptions(engine, set) }
}

function statusLine({ name, engine, manifest, rows, current, problem }: IndexStatus): string {
  if (problem) return `${name} (${engine}): ${problem}`
  if (!manifest) return `${name} (${engine}): no push was finished; ${formatCount(rows ?? 0)} rows lie there.`
  const { documents, generation, encoder, dimensions } = manifest
  const changed = current === false ? ' The collection has changed since: push it again.' : ''
  return `${name} (${engine}): ${formatCount(documents)} documents of ${manifest.collection.id}, ${encoder.id}, ${dimensions} dimensions, generation ${generation}.${changed}`
}

function statusTable(all: readonly IndexStatus[]): string {
  if (all.length === 1) return statusLine(all[0])
  return alignTable(
    [
      { title: 'index' },
      { title: 'engine' },
      { title: 'collection' },
      { title: 'documents', align: 'right' },
      { title: 'rows', align: 'right' },
      { title: 'generation', align: 'right' },
      { title: '' },
    ],
    all.map(({ name, engine, manifest, rows, current, problem }) => [
      name,
      engine,
      manifest?.collection.id ?? '',
      manifest ? formatCount(manifest.documents) : '',
      rows === null ? '' : formatCount(rows),
      manifest ? String(manifest.generation) : '',
      problem ??
        (manifest ? (current === false ? 'the collection has changed' : '') : 'no push was finished'),
    ]),
  )
}

export const indexes: CommandGroup = {
  description: 'push collections to engines that serve them, and search them through any card',
  commands: { push, status, search, drop },
}
