import { counted, NO_OPTIONS, type TextRule } from '../rule'
import { isCounted, testedTasks } from '../tested'

/** Below this number even a difference of one standard deviation of the per-query differences is often missed. */
const FEWEST = 30

export const fewTestQueries: TextRule = {
  name: 'few-test-queries',
  title: 'Few test queries',
  summary: `Fewer than ${FEWEST} test queries with a relevant document, over all cards: intervals are wide, and a difference that is there will often not be shown.`,
  citation: 'Sakai, Topic set size design, Information Retrieval Journal 19, 2016',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Judge more queries, or take no difference here for shown or refuted.',
  needs: 'texts',
  check(subject) {
    const tasks = testedTasks(subject)
    if (tasks.length === 0) return null
    const counts = tasks.map(
      ({ test }) => Array.from(test.queries).filter((_, at) => isCounted(test, at)).length,
    )
    const count = counts.reduce((sum, one) => sum + one, 0)
    if (count >= FEWEST) return null
    return {
      message: `Only ${counted(count, 'test query', 'test queries')} with a relevant document.`,
      count,
      examples: [],
      figures: { fewest: FEWEST },
    }
  },
}
