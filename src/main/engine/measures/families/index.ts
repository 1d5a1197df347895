import { z } from 'zod'
import type { FolderModules } from '../../registry/registry'
import type { MeasureFamily } from '../measure'

/** What most evaluations show comes first; a family that is not named here stands behind these, by its name. */
const FIRST = ['nDCG', 'RR', 'R', 'AP', 'P', 'Success', 'Rprec', 'Bpref', 'RBP', 'Judged']

/** Every family of measures that a file of this folder defines: a file added is all that a new one needs. */
export const measureFamilies: readonly MeasureFamily[] = collectFamilies(
  import.meta.glob('./*.ts', { eager: true }),
)

function collectFamilies(modules: FolderModules): readonly MeasureFamily[] {
  const found = new Map<string, MeasureFamily>()
  for (const exported of Object.values(modules)) {
    for (const value of Object.values(exported as Readonly<Record<string, unknown>>)) {
      if (!isFamily(value)) continue
      if (found.has(value.name)) throw new RangeError(`two families of measures are named ${value.name}`)
      found.set(value.name, value)
    }
  }
  const place = ({ name }: MeasureFamily) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return [...found.values()].sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
}

function isFamily(value: unknown): value is MeasureFamily {
  if (typeof value !== 'object' || value === null) return false
  const { name, customary, parameters, score } = value as Partial<MeasureFamily>
  return (
    typeof name === 'string' &&
    typeof customary === 'string' &&
    typeof score === 'function' &&
    parameters instanceof z.ZodObject
  )
}
