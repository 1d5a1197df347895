import { computed } from 'vue'
import { type RouteLocationRaw, useRouter } from 'vue-router'
import { useClient } from '../api/client'
import { dateTime, plural } from '../display/format'
import { useCards } from '../stores/cards'
import { useDatasets } from '../stores/datasets'
import { useRuns } from '../stores/runs'
import { useTheme } from '../stores/theme'
import { useJobStart } from '../stores/use-job-start'
import type { PaletteEntry } from './palette-entries'
import { useTour } from './tour/use-tour'

/** Everything that the command palette offers now. */
export function usePaletteEntries() {
  const router = useRouter()
  const runs = useRuns()
  const datasets = useDatasets()
  const cards = useCards()
  const theme = useTheme()
  const tour = useTour()
  const client = useClient()
  const demo = useJobStart(() => client.training.demo({}))
  const words = (group: PaletteEntry['group'], title: string, detail: string) => ({
    id: `${group} ${title} ${detail}`,
    group,
    title,
    detail,
  })
  const link = (
    group: PaletteEntry['group'],
    title: string,
    detail: string,
    to: RouteLocationRaw,
  ): PaletteEntry => ({ ...words(group, title, detail), to })
  const action = (title: string, detail: string, run: () => void): PaletteEntry => ({
    ...words('Actions', title, detail),
    run,
  })

  const entries = computed<PaletteEntry[]>(() => [
    ...router
      .getRoutes()
      .filter(({ meta, path, redirect }) => meta.title && !redirect && !path.includes(':'))
      .map(({ meta, name }) => link('Pages', String(meta.title), '', { name })),
    action('Run the demo', 'train and evaluate on wordnet-finds', () => void demo.run()),
    ...(tour.run ? [action('Take the tour', 'three looks at a verdict', () => void tour.begin())] : []),
    ...(['system', 'light', 'dark'] as const)
      .filter((choice) => choice !== theme.choice)
      .map((choice) =>
        action(
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
        link('Runs', run.title, detail, { name: 'run', params: { run: run.id } }),
        link('Runs', `Compare ${run.title}`, detail, { name: 'compare', query: { run: run.id } }),
        ...(run.kind === 'frozen'
          ? []
          : [
              link('Runs', `Open ${run.title} in the playground`, detail, {
                name: 'playground',
                query: { run: run.id },
              }),
            ]),
      ]
    }),
    ...cards.own.map(({ id, name, description }) =>
      link('Cards', name, description, { name: 'card', params: { card: id } }),
    ),
    ...datasets.all.map(({ id, title, documents }) =>
      link('Datasets', `Browse ${title}`, plural(documents, 'document'), {
        name: 'dataset',
        params: { dataset: id },
      }),
    ),
    ...datasets.all.map(({ id, title, documents }) =>
      link('Datasets', `Search ${title} with the frozen encoder`, plural(documents, 'document'), {
        name: 'playground',
        query: { run: 'frozen', dataset: id },
      }),
    ),
  ])
  return { entries, failure: demo.failure }
}
