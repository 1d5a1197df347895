import { pWords, signed } from '../figure-words'
import type { ClusteredLead } from '../schemas/verdict'
import { systemLabel } from '../system-name'

/** A table's lead over clusters of nested tasks, in words. */
export function clusteredWords(
  { tasks, n, leads }: Omit<ClusteredLead, 'cards' | 'examples'>,
  measure: string,
): string {
  const lead = leads[measure]
  const clusters = `${n} ${n === 1 ? 'cluster' : 'clusters'}, each task with those that have more than half of its documents or more than half of theirs in it`
  if (!lead) return `the ${tasks} tasks lie in ${clusters}: too few for an interval.`
  const { delta, low, high, p, control } = lead
  return `over ${clusters}: task card − ${systemLabel(control)} ${signed(delta)} [${signed(low)}, ${signed(high)}], ${pWords(p)}.`
}
