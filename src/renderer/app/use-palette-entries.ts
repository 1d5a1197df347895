import { computed } from 'vue'
import { useRouter } from 'vue-router'
import { useClient } from '../api/client'
import { dateTime, plural } from '../display/format'
import { useDatasets } from '../stores/datasets'
import { useRuns } from '../stores/runs'
import { useTheme } from '../stores/theme'
import { useJobStart } from '../stores/use-job-start'
import type { PaletteEntry } from './palette-entries'

/** Everything that the command palette offers now. */
export function usePaletteEntries() {
  const router = useRouter()
  const runs = useRuns()
  const datasets = useDatasets()
  const theme = useTheme()
  const client = useClient()
  const demo = useJobStart(() => client.training.demo({}))
  const go =
    (name: string, query: Record<string, string> = {}) =>
    () =>
      void router.push({ name, query })
  const entry = (
    group: PaletteEntry['group'],
    title: string,
    detail: string,
    run: () => void,
  ): PaletteEntry => ({ id: `${group} ${title} ${detail}`, group, title, detail, run })

  const entries = computed<PaletteEntry[]>(() => [
    ...router
      .getRoutes()
      .filter(({ meta, path, redirect }) => meta.title && !redirect && !path.includes(':'))
      .map(({ meta, name }) => entry('Pages', String(meta.title), '', go(String(name)))),
    entry('Actions', 'Run the demo', 'train and evaluate on wordnet-finds', () => void demo.run()),
    ...(['system', 'light', 'dark'] as const)
      .filter((choice) => choice !== theme.choice)
      .map((choice) =>
        entry(
          'Actions',
          choice === 'system' ? 'Theme of the system' : `${choice === 'light' ? 'Light' : 'Dark'} theme`,
          'appearance',
          () => {
            theme.choice = choice
          },
        ),
      ),
    ...runs.finished.flatMap((run) => {
      const detail = `seed ${run.request.seed} · ${dateTime(run.createdAt)}`
      return [
        entry('Runs', `Compare ${run.title}`, detail, go('compare', { run: run.id })),
        ...(run.kind === 'frozen'
          ? []
          : [
              entry('Runs', `Open ${run.title} in the playground`, detail, go('playground', { run: run.id })),
            ]),
      ]
    }),
    ...datasets.all.map(({ id, title, documents }) =>
      entry(
        'Datasets',
        `Search ${title} with the frozen encoder`,
        plural(documents, 'document'),
        go('playground', { run: 'frozen', dataset: id }),
      ),
    ),
  ])
  return { entries, failure: demo.failure }
}
