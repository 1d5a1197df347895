import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { Checkpoint } from '../../engine/training/checkpoint'
import { chooseHeadBackend } from '../../engine/training/choose-backend'
import type { OperationContext } from '../operation'
import { TASK_CARD } from '../training/trained-systems'
import { readCheckpoint } from './evaluate-run'

/** The checkpoint of the network that reads cards. @throws RUN_INCOMPLETE where there is none */
export async function requireCardCheckpoint(run: RunRecord, context: OperationContext): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(context.workspace, run.id, TASK_CARD)
  if (checkpoint) return checkpoint
  const { id, kind, state } = run
  throw new HydraError('RUN_INCOMPLETE', {
    expected: 'a run whose network reads cards and was trained to the end',
    got: kind === 'frozen' ? `${id}, in which nothing is trained` : `${id}, which is ${state}`,
    remedy: 'Train it again, or choose a run that is done.',
    command: 'hydra runs list',
  })
}

/** Holds the network on the run's backend while it is used. */
export async function withNetwork<Result>(
  { request }: Pick<RunRecord, 'request'>,
  { description, parameters }: Checkpoint,
  use: (network: Hypernetwork) => Promise<Result>,
): Promise<Result> {
  await chooseHeadBackend(request.backend)
  const network = createHypernetwork(description, parameters)
  try {
    return await use(network)
  } finally {
    network.dispose()
  }
}
