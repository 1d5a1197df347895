import type { RunRecord } from '../../../shared/schemas/run'
import type { Reproduction, ReproductionLine } from '../../../shared/schemas/runs/reproduction'
import type { Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import { canonical } from '../../files/canonical'
import { flatten } from './differing-settings'

/** Two figures agree that are less apart than this: what three printed decimals leave open. */
const TOLERANCE = 5e-4

interface Judged {
  readonly run: RunRecord
  readonly verdict: Verdict
}

/**
 * A run beside another one of the same request, line by line: program and processor, data, encoder, split, recipe, weights, and
 * every measure of every row and table. The same seed on the same data, encoder, backend and kind of processor gives the same
 * weights, bit for bit; elsewhere figures may agree where weights do not.
 */
export function compareReproduction(original: Judged, again: Judged): Reproduction {
  const lines = [
    ...programLines(original.run, again.run),
    ...mapLines('data', dataOf(original.run), dataOf(again.run)),
    line(
      'encoder',
      `encoder ${original.run.encoder.id}`,
      original.run.encoder.sha256,
      again.run.encoder.sha256,
    ),
    ...splitLines(original.run, again.run),
    ...recipeLines(original.run, again.run),
    ...mapLines('weights', weightsOf(original.run), weightsOf(again.run)),
    ...measureLines(original.verdict, again.verdict),
  ]
  return {
    version: 1,
    original: original.run.id,
    again: again.run.id,
    reproduced: lines.every(({ agrees, binding }) => agrees || !binding),
    lines,
  }
}

function line(
  part: ReproductionLine['part'],
  what: string,
  expected: string,
  got: string,
  { binding = true, agrees = expected === got } = {},
): ReproductionLine {
  return { part, what, expected, got, agrees, binding }
}

function programLines(a: RunRecord, b: RunRecord): ReproductionLine[] {
  const free = { binding: false }
  return [
    line('program', 'version of the workbench', a.app, b.app, free),
    line('program', 'processor', a.machine.cpu, b.machine.cpu, free),
    line('program', 'Node', a.machine.node, b.machine.node, free),
    line('program', 'backend', a.backend?.id ?? 'none', b.backend?.id ?? 'none', free),
  ]
}

/** Of every name that one of the two has. */
function mapLines(
  part: ReproductionLine['part'],
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): ReproductionLine[] {
  const names = [...new Set([...a.keys(), ...b.keys()])]
  return names.map((name) => line(part, name, a.get(name) ?? 'none', b.get(name) ?? 'none'))
}

const dataOf = ({ datasets }: RunRecord) =>
  new Map(datasets.map(({ id, sha256 }) => [`dataset ${id}`, sha256] as const))
const weightsOf = ({ weights }: RunRecord) =>
  new Map(Object.entries(weights).map(([system, sha256]) => [`weights of ${system}`, sha256] as const))

/** The order of trained tasks decides what a step draws; that of the others nothing. */
function splitLines(a: RunRecord, b: RunRecord): ReproductionLine[] {
  const parts = [
    ['trained tasks', a.seen, b.seen],
    ['tasks held out', a.unseen.toSorted(), b.unseen.toSorted()],
    ['tasks left out to choose on', (a.ruleTasks ?? []).toSorted(), (b.ruleTasks ?? []).toSorted()],
  ] as const
  return parts.flatMap(([what, expected, got]) => {
    if (expected.length === 0 && got.length === 0) return []
    const agrees = JSON.stringify(expected) === JSON.stringify(got)
    return [
      line('split', what, String(expected.length), agrees ? String(got.length) : differing(expected, got), {
        agrees,
      }),
    ]
  })
}

function differing(expected: readonly string[], got: readonly string[]): string {
  const others = got.filter((id) => !expected.includes(id)).length
  const missing = expected.filter((id) => !got.includes(id)).length
  return others + missing > 0
    ? `${got.length}, ${others} others and ${missing} missing`
    : `${got.length}, in another order`
}

/** Only what differs of a recipe, or that nothing does. */
function recipeLines(a: RunRecord, b: RunRecord): ReproductionLine[] {
  const [one, other] = [a, b].map(({ recipe }) => new Map(flatten(canonical(recipe ?? {}))))
  const lines = mapLines('recipe', one, other).filter(({ agrees }) => !agrees)
  const settings = `${one.size} settings`
  return lines.length > 0 ? lines : [line('recipe', 'recipe', settings, settings)]
}

function measureLines(a: Verdict, b: Verdict): ReproductionLine[] {
  const others = new Map(b.rows.map((row) => [placeOf(row), row]))
  return a.rows
    .filter(({ imported }) => imported === undefined)
    .flatMap((row) =>
      Object.entries(row.mean).map(([measure, { value }]) => {
        const got = others.get(placeOf(row))?.mean[measure]?.value
        const agrees = got !== undefined && Math.abs(got - value) < TOLERANCE
        const what = `${row.cards}, k = ${row.examples}, ${measure} of ${systemLabel(row)}`
        return line('measure', what, value.toFixed(6), got?.toFixed(6) ?? 'none', { agrees })
      }),
    )
}

function placeOf({ row, bm25, cards, examples }: VerdictRow): string {
  return JSON.stringify([row, bm25, cards, examples])
}
