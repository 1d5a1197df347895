/**
 * What is drawn anew by an interval and has its sign drawn by a p-value. One task: its queries. Few tasks: queries within each
 * task, each task counting once, which says something of these tasks only. Many: tasks, or clusters of tasks that overlap.
 * `pooled queries` stands in results of version 1 alone: all queries of several tasks as if they were of one.
 */
export const UNITS = [
  'queries',
  'queries within tasks',
  'tasks',
  'clusters of tasks',
  'pooled queries',
] as const
export type Unit = (typeof UNITS)[number]

/** `over 82 tasks`, `over 1,200 queries within these 4 tasks` */
export function unitWords({
  unit,
  n,
  tasks,
}: {
  readonly unit: Unit
  readonly n: number
  readonly tasks: number
}): string {
  const count = (value: number, noun: string) =>
    `${value.toLocaleString('en')} ${value === 1 ? noun.replace(/ies$/, 'y').replace(/s$/, '') : noun}`
  switch (unit) {
    case 'queries':
    case 'pooled queries':
      return `over ${count(n, unit)}`
    case 'queries within tasks':
      return `over ${count(n, 'queries')} within these ${tasks} tasks`
    case 'tasks':
      return `over ${count(n, 'tasks')}`
    case 'clusters of tasks':
      return `over ${tasks} tasks in ${n} clusters`
  }
}
