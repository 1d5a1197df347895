import { implement } from '@orpc/server'
import { contract } from '../../src/shared/contract'
import type { DatasetRecord } from '../../src/shared/schemas/dataset'
import { type FixtureJobs, importScript } from './fixture-jobs'
import { refused } from './fixture-refusal'
import { fixtureSearch, fixtureStatistics, fixtureText, fixtureTexts } from './fixture-texts'
import { SCIFACT, TASKS, WORDNET } from './fixture-world'

/** The datasets of the fixture, and imports of two that it knows. @param datasets changed by imports and deletions */
export function fixtureDatasets(datasets: DatasetRecord[], jobs: FixtureJobs) {
  const { datasets: os } = implement({ datasets: contract.datasets })
  return {
    list: os.list.handler(() => datasets),
    show: os.show.handler(({ input, errors }) => {
      const dataset = datasets.find((one) => one.id === input.id)
      if (!dataset)
        throw refused(errors, 'DATASET_UNKNOWN', {
          expected: 'a dataset of this workspace',
          got: input.id,
          remedy: 'Import it first.',
        })
      const single = {
        id: dataset.id,
        name: dataset.title,
        description: dataset.summary,
        train: 728,
        dev: 81,
        test: 300,
      }
      return { ...dataset, tasks: dataset.cards > 1 ? [...TASKS] : [single] }
    }),
    import: os.import.handler(({ input, errors }) => {
      const known =
        input.source === 'wordnet-finds' ? WORDNET : input.source.endsWith('scifact.zip') ? SCIFACT : null
      if (!known)
        throw refused(errors, 'FILE_MISSING', {
          expected: 'a folder, a zip or wordnet-finds',
          got: `nothing at ${input.source}`,
          remedy: 'Check the path; it is read on the machine that runs the workbench.',
        })
      return {
        job: jobs.start({ kind: 'import', title: `Import ${known.id}`, runs: [] }, importScript(), () =>
          datasets.push(known),
        ),
        runs: [],
      }
    }),
    changes: os.changes.handler(async function* ({ signal }) {
      await new Promise((done) => signal?.addEventListener('abort', done))
      // A stream that says nothing.
      yield* []
    }),
    planImport: os.planImport.handler(({ input }) => {
      const id = input.id ?? input.source.replace(/^.*\//, '').replace(/\.zip$/, '')
      const there = datasets.find((one) => one.id === id)
      const taken = there ? { title: there.title, importedAt: there.importedAt, runs: ['demo-strict'] } : null
      return { id, taken, free: there ? `${id}-2` : id }
    }),
    delete: os.delete.handler(({ input }) => {
      const at = datasets.findIndex((one) => one.id === input.id)
      return { dataset: datasets.splice(at, 1)[0], runs: ['demo-strict'] }
    }),
    restore: os.restore.handler(({ input }) => {
      const dataset = input.id === SCIFACT.id ? SCIFACT : WORDNET
      datasets.push(dataset)
      return dataset
    }),
    texts: os.texts.handler(({ input }) => fixtureTexts(input.from, input.most)),
    text: os.text.handler(({ input }) => fixtureText(input.text)),
    search: os.search.handler(({ input }) => fixtureSearch(input.text)),
    statistics: os.statistics.handler(({ input }) => fixtureStatistics(input.id)),
    lint: os.lint.handler(() => ({ job: 'none', runs: [] })),
    generate: os.generate.handler(() => ({ job: 'none', runs: [] })),
    generated: os.generated.handler(({ input, errors }) => {
      throw refused(errors, 'FILE_MISSING', {
        expected: 'generated queries',
        got: input.id,
        remedy: 'Have a model write some first.',
      })
    }),
    lintReport: os.lintReport.handler(({ input, errors }) => {
      throw refused(errors, 'FILE_MISSING', {
        expected: 'a lint report',
        got: input.id,
        remedy: 'Lint it first.',
      })
    }),
  }
}
