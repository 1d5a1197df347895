/**
 * The README's verdict table from demo runs: `node scripts/verdict-table.mjs WORKSPACE`. Reads results.json of the last
 * finished demo of each seed in the workspace and rewrites README.md between its verdict markers, so that no figure is typed by hand.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const MEASURE = 'nDCG@10'
const ROWS = ['frozen', 'card as text', 'exemplar shift', 'no card', 'task card', 'wrong card']
const README = resolve(import.meta.dirname, '..', 'README.md')

const workspace = process.argv[2]
if (!workspace) {
  process.stderr.write('usage: node scripts/verdict-table.mjs WORKSPACE\n')
  process.exit(2)
}

const read = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'))
const runs = readdirSync(join(workspace, 'runs'))
  .map((id) => ({ id, run: read(workspace, 'runs', id, 'run.json') }))
  // Runs that name no split seed are of before the two-way rule: their strict is another one.
  .filter(({ run }) => run.kind === 'demo' && run.state === 'done' && run.request.splitSeed !== undefined)
  .map(({ id, run }) => ({ run, verdict: read(workspace, 'runs', id, 'results.json') }))
  .sort((a, b) => a.run.request.seed - b.run.request.seed || a.run.createdAt.localeCompare(b.run.createdAt))

const figure = (value) => value.toFixed(3).replace('0.', '.')
const signed = (value) => (value < 0 ? '−' : '+') + figure(Math.abs(value))
const interval = ({ value, low, high }) => `${signed(value)} [${signed(low)}, ${signed(high)}]`

function table(holdOut) {
  const ofHoldOut = runs.filter(({ run }) => run.request.holdOut === holdOut)
  const last = new Map(ofHoldOut.map((one) => [one.run.request.seed, one]))
  const chosen = [...last.values()]
  const columns = [0, 4].flatMap((examples) => chosen.map((one) => ({ ...one, examples })))
  const rowOf = ({ verdict, examples }, row) =>
    verdict.rows.find((one) => one.row === row && one.cards === 'unseen' && one.examples === examples)
  const leadOf = ({ verdict, examples }) =>
    verdict.differences.find(
      (one) => one.best && one.cards === 'unseen' && one.examples === examples && one.measure === MEASURE,
    )
  const nearOf = ({ verdict, examples }, nearest) =>
    verdict.nearness.find(
      (one) => one.cards === 'unseen' && one.examples === examples && one.nearest === nearest,
    )
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [
    line(['', ...columns.map(({ run, examples }) => `k = ${examples}, seed ${run.request.seed}`)]),
    line(columns.concat(0).map(() => '---')),
    line([
      'tasks trained / held out',
      ...columns.map(({ run }) => `${run.seen.length} / ${run.unseen.length}`),
    ]),
    line(['queries (n)', ...columns.map((column) => rowOf(column, 'frozen').n.toLocaleString('en'))]),
    ...ROWS.map((row) =>
      line([
        row === 'task card' ? '**task card**' : row,
        ...columns.map((column) => {
          const found = rowOf(column, row)
          if (!found) return '–'
          const text = figure(found.mean[MEASURE].value)
          return row === 'task card' ? `**${text}**` : text
        }),
      ]),
    ),
    line([
      'lead over the best control, 95 % interval',
      ...columns.map((column) => {
        const { delta, low, high } = leadOf(column)
        return interval({ value: delta, low, high })
      }),
    ]),
    ...['nested', 'overlapping', 'apart'].flatMap((nearest) => {
      const leads = columns.map((column) => nearOf(column, nearest))
      if (leads.every((found) => !found)) return []
      const cells = leads.map((found) => (found ? `${interval(found.lead)}, ${found.tasks} cards` : '–'))
      return [line([`the same, nearest trained card ${nearest}`, ...cells])]
    }),
  ].join('\n')
}

const text = [
  'Strict hold-out, both ways: no trained card has more than half of its documents inside an unseen one, nor more than half of an unseen one’s inside it. 800 steps.',
  '',
  table('strict'),
  '',
  'One-way hold-out: the same unseen cards; broader cards that hold most of one may be trained.',
  '',
  table('one-way'),
  '',
  `Made by \`npm run demo -- --seed N\`, N = ${[...new Set(runs.map(({ run }) => run.request.seed))].join(', ')}, and \`node scripts/verdict-table.mjs workspace\`.`,
].join('\n')
const readme = readFileSync(README, 'utf8')
const [start, end] = ['<!-- verdict:start -->', '<!-- verdict:end -->']
const before = readme.slice(0, readme.indexOf(start) + start.length)
writeFileSync(README, `${before}\n${text}\n${readme.slice(readme.indexOf(end))}`)
