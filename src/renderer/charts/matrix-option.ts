import type { TaskMatrix } from '../../shared/schemas/tables/task-matrix'
import { score, signed } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase, escaped } from './chart-option'

type Tasks = TaskMatrix['tasks']

/** Beyond so many tasks a square has no room for its number. */
const MOST_LABELLED = 15
/** Up to so many columns are wide enough for their names. */
const MOST_LEVEL = 5
const OWN_CARDS = 'own cards'

export function matrixHeight(tasks: number): number {
  return tasks * (tasks > MOST_LABELLED ? 18 : 34) + namesBelow(tasks) + 4
}

function namesBelow(tasks: number): number {
  return tasks > MOST_LEVEL ? 80 : 28
}

/** [tasks × tasks] row by row: lead of each card over the frozen encoder. */
function matrixLeads(tasks: Tasks): number[] {
  return tasks.flatMap(({ scores, frozen }) => scores.map((value) => value - frozen))
}

/**
 * A square for each task (row) and card (column), from the greatest loss to the greatest lead over the frozen encoder on one
 * scale to both sides of none; a task's own card is framed.
 */
export function matrixOption(input: {
  readonly tasks: Tasks
  /** The task that is looked at. */
  readonly chosen: string | null
  readonly tokens: ChartTokens
}): ChartOption {
  const { tasks, chosen, tokens } = input
  const base = chartBase(tokens)
  const leads = matrixLeads(tasks)
  const most = Math.max(0.01, ...leads.map(Math.abs))
  const names = tasks.map(({ name }) => name)
  const labelled = tasks.length <= MOST_LABELLED
  const axis = {
    ...base.axis,
    type: 'category' as const,
    // By place: two tasks may be called alike.
    data: tasks.map((_, at) => String(at)),
    axisLine: { show: false },
    splitLine: { show: false },
  }
  const label = {
    ...base.axis.axisLabel,
    fontSize: labelled ? 12 : 10,
    interval: 0,
    overflow: 'truncate' as const,
    formatter: (at: string) => names[Number(at)],
  }
  const square = (at: number) => {
    const [row, card] = [Math.floor(at / tasks.length), at % tasks.length]
    // What stands on a strong colour must be light, and the other way round.
    const color = Math.abs(leads[at]) > 0.6 * most ? tokens['color-canvas'] : tokens['color-text']
    return { value: [card, row, leads[at]], label: { color } }
  }
  const squares = {
    type: 'heatmap' as const,
    label: {
      show: labelled,
      fontSize: 11,
      formatter: ({ value }: { value?: unknown }) => signed((value as number[])[2]),
    },
    emphasis: { disabled: true },
  }
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const [card, row, lead] = (Array.isArray(params) ? params[0] : params).value as number[]
        const { frozen, scores } = tasks[row]
        const which = card === row ? 'its own card' : `the card of ${escaped(names[card])}`
        return `${escaped(names[row])} under ${which}: ${score(scores[card])}, frozen ${score(frozen)}, ${signed(lead)}`
      },
    },
    grid: { left: 150, right: 8, top: 4, bottom: namesBelow(tasks.length), containLabel: false },
    xAxis: { ...axis, axisLabel: { ...label, width: 88, rotate: tasks.length > MOST_LEVEL ? 45 : 0 } },
    yAxis: {
      ...axis,
      inverse: true,
      axisLabel: {
        ...label,
        width: 138,
        color: (at) => (tasks[Number(at)]?.task === chosen ? tokens['color-accent'] : tokens['color-text']),
      },
    },
    visualMap: {
      show: false,
      min: -most,
      max: most,
      inRange: { color: [tokens['color-bad'], tokens['color-canvas'], tokens['color-good']] },
    },
    series: [
      {
        ...squares,
        name: 'cards',
        data: leads.map((_, at) => square(at)),
        itemStyle: { borderColor: tokens['color-line'], borderWidth: 1 },
      },
      {
        ...squares,
        // Above the others, whose lines would cut its frame.
        name: OWN_CARDS,
        data: tasks.map((_, at) => square(at * tasks.length + at)),
        itemStyle: { borderColor: tokens['color-text'], borderWidth: 1.5 },
        z: 3,
      },
    ],
  }
}

/** The task whose square was picked. */
export function pickedTask(tasks: Tasks, place: number, series: string): Tasks[number] {
  return tasks[series === OWN_CARDS ? place : Math.floor(place / tasks.length)]
}

/** The chart in words. */
export function matrixSummary(tasks: Tasks): string {
  const words = tasks.map(({ name, frozen, scores }, own) => {
    const others = scores.filter((_, card) => card !== own).map((value) => value - frozen)
    const mean = others.reduce((sum, lead) => sum + lead, 0) / others.length
    return `${name} ${signed(scores[own] - frozen)} under its own card, ${signed(mean)} under the others`
  })
  return `Lead over the frozen encoder, mean of the other cards beside the own one: ${words.join('; ')}.`
}
