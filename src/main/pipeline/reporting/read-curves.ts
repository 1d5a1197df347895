import { stat } from 'node:fs/promises'
import { curvesRequestSchema, curvesSchema } from '../../../shared/schemas/runs/training-curves'
import { thinnedCurve } from '../../engine/reporting/thinned-curve'
import { type SystemCurves, trainingCurves } from '../../engine/reporting/training-curves'
import { workspacePaths } from '../../workspace/paths'
import { memoisedPromises } from '../memoised-promises'
import { defineOperation } from '../operation'
import { streamEvents } from './stream-events'

/** Of the runs that were looked at last: the next quantity is asked for with a click. */
const curvesRead = memoisedPromises<ReadonlyMap<string, SystemCurves>>(8)

/** A quantity of every network of a run over its training, as columns. */
export const readCurves = defineOperation({
  name: 'read-curves',
  input: curvesRequestSchema,
  output: curvesSchema,
  session: true,
  async run({ id, of, most = Number.POSITIVE_INFINITY }, { workspace }) {
    const { events } = workspacePaths(workspace).run(id)
    const now = await stat(events).catch(() => null)
    if (!now) return { measure: null, systems: [] }
    const systems = await curvesRead(JSON.stringify([workspace, id, now.size, now.mtimeMs]), () =>
      curvesOf(workspace, id),
    )
    const drawn = [...systems].filter(([, { curves }]) => curves[of].length > 0)
    return {
      measure: of === 'dev' ? (drawn[0]?.[1].measure ?? null) : null,
      systems: drawn.map(([system, { steps, curves }]) => {
        const { length, step, seconds, value } = thinnedCurve(curves[of], most)
        return {
          system,
          steps,
          points: length,
          thinned: length < curves[of].length,
          step: base64(step, length),
          seconds: base64(seconds, length),
          value: base64(value, length),
        }
      }),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'read-curves': typeof readCurves
  }
}

async function curvesOf(workspace: string, run: string): Promise<ReadonlyMap<string, SystemCurves>> {
  const curves = trainingCurves(run)
  await streamEvents(workspace, run, curves)
  return curves.systems
}

/** Every machine that the workbench runs on is little-endian. */
function base64(column: Int32Array | Float32Array, length: number): string {
  return Buffer.from(column.buffer, column.byteOffset, 4 * length).toString('base64')
}
