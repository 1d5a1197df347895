import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { runOperation } from '../../jobs/processes/operation-process'
import { updateRun } from '../../workspace/runs/run-folder'
import { modelRoots } from '../model-roots'
import { requireTasks } from '../require-tasks'
import { requireWriter } from '../require-writer'
import { resolveRequest } from '../resolve-request'
import { startRun } from '../runs/start-run'
import { startTraining } from '../runs/start-training'
import type { ServiceContext } from '../service-context'
import { startDemo } from '../start-demo'
import { backendChoice } from '../system/backend-choice'
import { procedures } from './implement-contract'

/** The collection of the embedded demo, and the share of its cards that training never sees. */
const DEMO_DATASET = 'wordnet-finds'
const DEMO_UNSEEN = 0.2

export function trainingProcedures(context: ServiceContext) {
  const { training } = procedures
  const { workspace, appRoot, workerScript } = context
  const backends = backendChoice(context)
  return {
    recipe: training.recipe.handler(async ({ input }) => {
      const { dimensions } = await resolveEncoder(input.encoder, modelRoots(context))
      return resolveRequest(input, input.tasks, dimensions)
    }),

    split: training.split.handler(async ({ input, signal }) => {
      await requireTasks(context, input.tasks)
      return context.session.request('split-tasks', input, signal)
    }),

    estimate: training.estimate.handler(async ({ input, signal }) => {
      await requireTasks(context, input.tasks)
      return context.session.request(
        'estimate-cost',
        { request: input, backend: await backends.choose(input, signal) },
        signal,
      )
    }),

    measure: training.measure.handler(async ({ input, signal }) => {
      await requireTasks(context, input.tasks)
      const backend = await backends.choose(input, signal)
      await runOperation(
        'measure-cost',
        { request: input, backend },
        {
          workspace,
          appRoot,
          script: workerScript,
          signal: signal ?? new AbortController().signal,
          emit: () => {},
        },
      )
      return context.session.request('estimate-cost', { request: input, backend }, signal)
    }),

    backends: training.backends.handler(async ({ input, signal }) => {
      await requireTasks(context, input.tasks)
      return backends.show(input, signal)
    }),

    measureBackends: training.measureBackends.handler(async ({ input, signal }) => {
      await requireTasks(context, input.tasks)
      return backends.measure(input, signal)
    }),

    start: training.start.handler(({ input }) => startTraining(context, input)),

    demo: training.demo.handler(async ({ input }) => {
      requireWriter(context)
      const startOne = (holdOut: 'strict' | 'one-way') =>
        startRun(context, {
          kind: 'demo',
          title: `Demo, ${holdOut} hold-out`,
          slug: `demo-${holdOut}`,
          // The demo imports the collection when it is missing, and notes its hash then.
          datasets: [],
          request: { tasks: [`${DEMO_DATASET}/*`], unseen: DEMO_UNSEEN, holdOut, ...input },
        })
      // The strict run is made last: the newest run is what the pages open on, and strict is what to publish.
      const oneWay = await startOne('one-way')
      const strict = await startOne('strict')
      await updateRun(context.workspace, strict.id, { companion: oneWay.id })
      await updateRun(context.workspace, oneWay.id, { companion: strict.id })
      return startDemo(context, strict, oneWay)
    }),
  }
}
