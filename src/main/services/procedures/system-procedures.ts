import { readdir, stat } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import { HydraError, toHydraError } from '../../../shared/errors'
import type { DoctorReport } from '../../../shared/schemas/system'
import { resolveModel } from '../../engine/encoders/model-folder'
import { workspacePaths } from '../../workspace/paths'
import { listRuns } from '../../workspace/runs/run-folder'
import { listModels } from '../model-records'
import { modelRoots } from '../model-roots'
import type { ServiceContext } from '../service-context'

import { clearCaches, listCaches } from '../system/caches'
import { hostLog } from '../system/host-log'
import { whereKeysAre } from '../system/keys'

import { tryBackend } from '../system/try-backend'
import { reportProviders } from '../system/try-provider'

import { procedures } from './implement-contract'

export function systemProcedures(context: ServiceContext) {
  return {
    caches: procedures.system.caches.handler(() => listCaches(context.workspace)),
    clearCaches: procedures.system.clearCaches.handler(({ input }) => clearCaches(context, input.ids)),
    log: procedures.system.log.handler(() => hostLog.lines()),
    recentWorkspaces: procedures.system.recentWorkspaces.handler(async () => {
      const recent = await context.workspaces?.recent()
      return recent ? [...recent] : null
    }),
    openWorkspace: procedures.system.openWorkspace.handler(async ({ input }) => {
      if (!context.workspaces) throw oneAtATime()
      return { url: await context.workspaces.open(input.folder) }
    }),
    workspace: procedures.system.workspace.handler(() => ({ folder: context.workspace })),
    doctor: procedures.system.doctor.handler(async () => {
      // Loaded on demand: it brings TensorFlow.js along, which nothing else in a host needs.
      const { reportBackends } = await import('../../engine/training/report-backends')
      const { readStepTimes } = await import('../../pipeline/backends/step-times')
      const runs = await listRuns(context.workspace)
      const measured = await readStepTimes(context.workspace, context.version)
      const models = await listModels(context)
      return {
        version: context.version,
        host: context.host,
        workspace: context.workspace,
        machine: {
          cpu: cpus()[0]?.model.trim() ?? 'unknown',
          cores: cpus().length,
          memoryBytes: totalmem(),
          platform: `${process.platform}-${process.arch}`,
          node: process.version,
        },
        backends: await reportBackends((id) => tryBackend(id, context), { times: measured?.times }),
        measured: measured && { configuration: measured.words, at: measured.at },
        providers: await reportProviders(context),
        encoder: await checkEncoder(context),
        models: models.map(({ id, use, runner, problem }) => ({ id, use, runner, problem })),
        keys: await whereKeysAre(models, process.env),
        cache: await measureCache(workspacePaths(context.workspace).vectorCache),
        recovered: runs
          .filter(({ state }) => state === 'interrupted')
          .map(({ id, reason }) => `${id}: ${reason}`),
      }
    }),
  }
}

function oneAtATime(): HydraError {
  return new HydraError('USAGE', {
    expected: 'a host that serves several workspaces',
    got: 'one that has a single one open',
    remedy: 'In the application: open another one from its menu.',
  })
}

async function checkEncoder(context: ServiceContext): Promise<DoctorReport['encoder']> {
  try {
    const model = await resolveModel(DEFAULT_ENCODER, modelRoots(context))
    const { size } = await stat(model.weights)
    const detail = `${model.dtype} weights, ${model.dimensions} dimensions, up to ${model.maxTokens} tokens; checksums right`
    return { id: DEFAULT_ENCODER, ok: true, detail, bytes: size }
  } catch (thrown) {
    return { id: DEFAULT_ENCODER, ok: false, detail: toHydraError(thrown).message, bytes: 0 }
  }
}

async function measureCache(folder: string): Promise<DoctorReport['cache']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map((entry) => stat(join(entry.parentPath, entry.name)).catch(() => null)),
  )
  return { vectorBytes: sizes.reduce((sum, size) => sum + (size?.size ?? 0), 0), files: files.length }
}
