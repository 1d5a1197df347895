import type { TaskMatrix } from '../src/shared/schemas/tables/task-matrix'

/** A matrix of two tasks, as an evaluation leaves it. */
export function madeTaskMatrix(run: string, datasets: TaskMatrix['datasets'], at: Date): TaskMatrix {
  const task = (name: string, scores: number[]) => ({
    ...{ task: `made/${name}`, name, cards: 'seen' as const, n: 9, frozen: 0.3, scores },
  })
  return {
    ...{ version: 1, run, createdAt: at.toISOString(), examples: 0, measure: 'nDCG@10' },
    ...{ split: 'test', seed: 1, sampledFrom: 2, datasets },
    tasks: [task('a', [0.5, 0.3]), task('b', [0.2, 0.4])],
    margin: {
      ...{
        delta: 0.2,
        low: 0.1,
        high: 0.3,
        p: 0.5,
        corrected: 0.5,
        family: 1,
        student: null,
        effect: null,
        detectable: null,
      },
      ...{ unit: 'tasks', n: 2 },
    },
    seconds: 1,
  }
}
