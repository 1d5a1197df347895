import { figure, signed } from '../../../../shared/figure-words'
import type { TaskMatrix } from '../../../../shared/schemas/tables/task-matrix'
import { marginWords, shareOfOwn } from '../../../../shared/tables/matrix-words'
import { alignTable } from '../align-table'
import type { Answer, ServiceClient } from '../arguments/command'
import { truncate } from '../fit-text'
import { madeOnOtherData } from './card-variants-table'

/** A matrix as a person reads it: task by task the own card beside the others, and what its diagonal says. Cells stand in the file. */
function taskMatrixTable({ tasks, margin, measure, sampledFrom, seed }: TaskMatrix): string {
  const rows = tasks.map(({ task, frozen, scores }, at) => {
    const others = scores.filter((_, card) => card !== at)
    const best = others.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
    const mean = others.reduce((sum, score) => sum + score, 0) / others.length
    const bestCard = tasks[scores.indexOf(best)].task
    return [
      truncate(task, 40),
      figure(frozen),
      figure(scores[at]),
      figure(mean),
      signed(scores[at] - mean),
      `${figure(best)} ${truncate(bestCard, 40)}`,
    ]
  })
  return [
    alignTable(
      [
        { title: 'task' },
        { title: 'frozen', align: 'right' },
        { title: 'own card', align: 'right' },
        { title: 'other cards, mean', align: 'right' },
        { title: 'margin', align: 'right' },
        { title: 'best other card' },
      ],
      rows,
    ),
    '',
    `${measure}. ${marginWords({ tasks, margin })} ${shareOfOwn(tasks)}`,
    ...(sampledFrom > tasks.length
      ? [`${tasks.length} of ${sampledFrom} tasks, drawn by the seed ${seed}.`]
      : []),
  ].join('\n')
}

/** What `evaluate --matrix` ends with. */
export async function matrixAnswer(
  client: ServiceClient,
  request: { readonly run: string; readonly examples?: number },
): Promise<Answer> {
  const matrix = await client.evaluation.matrix(request)
  if (matrix) return { json: matrix, text: () => taskMatrixTable(matrix) }
  throw madeOnOtherData(request.run)
}
