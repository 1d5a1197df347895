import { existsSync } from 'node:fs'
import { rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { ModelRecord, RemoteService } from '../../../shared/schemas/model'
import { nearestIds } from '../../engine/datasets/nearest-ids'
import { STAGING } from '../../engine/encoders/adding/add-model'
import { parseHubName, parseModelName } from '../../engine/encoders/model-name'
import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { workspacePaths } from '../../workspace/paths'
import { listRuns } from '../../workspace/runs/run-folder'
import { isModelId, listModels } from '../model-records'
import { modelRoots } from '../model-roots'
import { requireTasks } from '../require-tasks'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

export function modelProcedures(context: ServiceContext) {
  const { models } = procedures
  const folder = workspacePaths(context.workspace).models
  return {
    list: models.list.handler(() => listModels(context)),
    show: models.show.handler(({ input }) => requireModel(context, input.id)),

    add: models.add.handler(({ input }) => {
      requireWriter(context)
      if (input.service) return addService(context, input.source, input.service, input.id)
      const { place, dtype, options } = parseModelName(input.source)
      if (Object.values(options).some((value) => value !== null)) throw optionsHere(input.source)
      const id = input.id ?? nameOf(place)
      requireFree(context, id)
      const work = { source: place, id, weights: dtype }
      const started = startJob(context, { kind: 'model', title: `Add ${id}`, runs: [] }, 'add-model', work)
      return { ...started, model: id }
    }),

    cost: models.cost.handler(async ({ input: { encoder, tasks, datasets = [] }, signal }) => {
      // Of most encoders it is known at once that they cost nothing.
      if ((await resolveEncoder(encoder, modelRoots(context))).kind !== 'remote') return null
      const named = tasks ? (await requireTasks(context, tasks)).map(({ id }) => id) : datasets
      return context.session.request('remote-cost', { encoder, datasets: named }, signal)
    }),

    remove: models.remove.handler(async ({ input }) => {
      requireWriter(context)
      const model = await requireModel(context, input.id)
      if (model.origin === 'application') throw partOfApplication(model.id)
      // Out of the way at once, so that nobody opens a half of it.
      const gone = join(folder, `${STAGING}-removed-${model.id.replace('/', '--')}`)
      await rm(gone, { recursive: true, force: true })
      await rename(model.folder, gone)
      await context.session.renew()
      await rm(gone, { recursive: true, force: true })
      if (model.id.includes('/')) await rmdir(dirname(model.folder)).catch(() => undefined)
      const runs = (await listRuns(context.workspace)).filter(
        ({ encoder }) => parseModelName(encoder.id).place === model.id,
      )
      return { model, runs: runs.map(({ id }) => id) }
    }),
  }
}

/** A name that can be had. @throws USAGE, MODEL_EXISTS */
function requireFree(context: ServiceContext, id: string): void {
  if (!isModelId(id)) throw unsafeName(id)
  const there = modelRoots(context)
    .map((root) => join(root, id))
    .find(existsSync)
  if (there) throw taken(id, there)
}

function addService(
  context: ServiceContext,
  url: string,
  service: Omit<RemoteService, 'url'>,
  named: string | undefined,
) {
  const id = named ?? service.model ?? hostOf(url)
  requireFree(context, id)
  const job = { kind: 'model', title: `Add ${id}`, runs: [] } as const
  const started = startJob(context, job, 'add-remote', { service: { ...service, url }, id })
  return { ...started, model: id }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.replaceAll(':', '-') : url
}

async function requireModel(context: ServiceContext, id: string): Promise<ModelRecord> {
  const models = await listModels(context)
  const found = models.find((one) => one.id === id)
  if (found) return found
  const nearest = nearestIds(
    id,
    models.map((one) => one.id),
    3,
  )
  throw new HydraError('MODEL_MISSING', {
    expected: 'a model of the workbench or of this workspace',
    got: JSON.stringify(id),
    remedy: `Nearest: ${nearest.join(', ')}.`,
    command: 'hydra models list',
  })
}

/** `org/name` of the hub as it is; of a folder or zip its last part. */
function nameOf(place: string): string {
  return isAbsolute(place) ? basename(place).replace(/\.zip$/i, '') : (parseHubName(place)?.id ?? place)
}

function unsafeName(id: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'a name, or ORG/NAME, of letters, digits, dots, dashes and underscores',
    got: JSON.stringify(id),
    remedy: 'Choose one. A model of the hub is named ORG/NAME; a folder by its path.',
    command: 'hydra models add SOURCE --id ID',
  })
}

function optionsHere(source: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'a source without options',
    got: source,
    remedy: 'Options come with the use: add the model, then name it as NAME?cut=256.',
    command: 'hydra train --encoder "NAME?cut=256"',
  })
}

function taken(id: string, where: string): HydraError {
  return new HydraError('MODEL_EXISTS', {
    expected: 'a name that is free',
    got: id,
    remedy: 'Choose another one, or take the old model away first.',
    command: `hydra models remove ${id}`,
    where,
  })
}

function partOfApplication(id: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'a model of the workspace',
    got: `${id}, which comes with the workbench`,
    remedy: 'Nothing to do: it takes no room in the workspace.',
  })
}
