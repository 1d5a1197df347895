import { diffArrays, diffWordsWithSpace } from 'diff'
import type { TaskCard } from '../../shared/schemas/card'

interface Stretch {
  readonly text: string
  readonly kind: 'same' | 'added' | 'removed'
}

/** A field of a card that is not as it was. */
export interface FieldDifference {
  readonly field: string
  readonly stretches: readonly Stretch[]
}

const TEXTS = [
  ['Name', 'name'],
  ['Description', 'description'],
  ['Domain', 'domain'],
  ['Query type', 'queryType'],
] as const

/** What changed from one version of a card to another, field by field; what is the same is left out. */
export function cardDifferences(before: TaskCard, after: TaskCard): FieldDifference[] {
  const texts = TEXTS.map(([field, key]) => ({
    field,
    stretches: diffWordsWithSpace(before[key] ?? '', after[key] ?? '').map(stretchOf),
  }))
  const lists = [
    listDifference('Examples', before.examples.map(pairWords), after.examples.map(pairWords)),
    listDifference('Other wordings', before.wordings ?? [], after.wordings ?? []),
  ]
  return [...texts, ...lists].filter(({ stretches }) => stretches.some(({ kind }) => kind !== 'same'))
}

/** Of a list only what came or went, an entry a stretch. */
function listDifference(field: string, before: readonly string[], after: readonly string[]): FieldDifference {
  const stretches = diffArrays([...before], [...after]).flatMap(({ value, added, removed }) =>
    value.map((text) => stretchOf({ value: text, added, removed })),
  )
  return { field, stretches: stretches.filter(({ kind }) => kind !== 'same') }
}

function stretchOf({ value, added, removed }: { value: string; added: boolean; removed: boolean }): Stretch {
  return { text: value, kind: added ? 'added' : removed ? 'removed' : 'same' }
}

function pairWords({ query, document }: TaskCard['examples'][number]): string {
  return `${query} → ${document}`
}
