import { flatten } from '../differing-settings'
import { escapeHtml, folded, htmlTable, minute, section } from './html-text'
import type { ReportedRun } from './reported-run'

/** When, with what and with which settings each run was made. */
export function provenanceSection(runs: readonly ReportedRun[]): string {
  return section('How this was made', [
    '<p class="quiet">Measures have trec_eval’s semantics; queries without a relevant document do not count; each task counts once.</p>',
    ...runs.flatMap((one) => [
      ...(runs.length > 1 ? [`<h3>${escapeHtml(one.run.id)}</h3>`] : []),
      factsTable(one),
      ...recipe(one),
    ]),
  ])
}

function factsTable({ run, verdict }: ReportedRun): string {
  const { request, encoder, machine, backend, seconds } = { ...run, seconds: verdict.seconds }
  const facts: [string, string][] = [
    [
      'made',
      `${minute(new Date(run.createdAt))}${run.endedAt ? ` to ${minute(new Date(run.endedAt))}` : ''}`,
    ],
    ['by', `Hydra Workbench ${run.app}, Node ${machine.node}, ${machine.platform}`],
    ['processor', `${machine.cpu}, ${machine.cores} cores`],
    ['seed', String(request.seed)],
    ['encoder', `${encoder.id} (sha256 ${encoder.sha256.slice(0, 12)})`],
    ...(backend ? [['backend', `${backend.id}: ${backend.reason}`] satisfies [string, string]] : []),
    ['tasks', `${run.seen.length} seen, ${run.unseen.length} unseen; hold-out ${request.holdOut}`],
    [
      'seconds',
      `${Math.round(seconds.encode)} to encode, ${Math.round(seconds.train)} to train, ${Math.round(seconds.evaluate)} to evaluate`,
    ],
    ['queries scored', verdict.split ?? 'test'],
    ['ranking depth', `${verdict.depth} documents`],
    ...Object.entries(run.weights).map(([system, hash]): [string, string] => [
      `weights of ${system}`,
      `sha256 ${hash.slice(0, 12)}`,
    ]),
  ]
  return htmlTable({
    caption: 'Run',
    titles: ['what', 'value'],
    texts: 2,
    rows: facts.map(([name, value]) => [escapeHtml(name), escapeHtml(value)]),
  })
}

function recipe({ run }: ReportedRun): string[] {
  if (!run.recipe) return []
  const settings = flatten(run.recipe)
  const table = htmlTable({
    caption: `Recipe: preset ${run.request.preset}, every setting as it was trained`,
    titles: ['setting', 'value'],
    texts: 2,
    rows: settings.map(([name, value]) => [escapeHtml(name), `<code>${escapeHtml(value)}</code>`]),
  })
  return [folded(`Recipe: ${run.request.preset}, ${settings.length} settings`, [table])]
}
