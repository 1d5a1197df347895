import type { LeaveOut, SweepRequest } from '../../../../../shared/schemas/runs/sweep'
import type { ServiceClient } from '../../arguments/command'

type Point = SweepRequest['points'][number]

/** A point for each task, corpus or family: the request with this one held out by name. */
export async function pointsLeftOut(
  client: Pick<ServiceClient, 'sweeps'>,
  request: Point['request'],
  by: LeaveOut,
): Promise<Point[]> {
  const units = await client.sweeps.units({ tasks: request.tasks, by })
  return units.map(({ name, unseen }) => ({
    settings: { 'left out': name },
    request: { ...request, unseen, holdOut: by === 'tasks' ? request.holdOut : by },
  }))
}
