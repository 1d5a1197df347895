import { join } from 'node:path'
import { type ClaimState, type ClaimsFile, claimsFileSchema } from '../../../shared/schemas/runs/claims'
import { datasetIds } from '../../engine/datasets/dataset-record'
import { isWithin, writtenNumbers } from '../../engine/reporting/read-figure'
import { readJson } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import type { ServiceContext } from '../service-context'
import type { Sweeps } from './sweeps'

/** The figures that README and docs claim, with what the runs of this workspace give for them. */
export async function listClaims(context: ServiceContext, sweeps: Sweeps): Promise<ClaimState[]> {
  const { claims } = await readJson(join(context.appRoot, 'resources', 'claims.json'), claimsFileSchema)
  const ids = await datasetIds(workspacePaths(context.workspace).datasets)
  const states: ClaimState[] = []
  for (const claim of claims) states.push(await stateOf(context, sweeps, ids, claim))
  return states
}

async function stateOf(
  { session }: ServiceContext,
  sweeps: Sweeps,
  ids: readonly string[],
  { datasets, figures, ...claim }: ClaimsFile['claims'][number],
): Promise<ClaimState> {
  const missing = datasets.filter((pattern) => !ids.some((id) => names(pattern, id)))
  const { request, seeds, splitSeeds } = claim
  const runs =
    missing.length > 0
      ? []
      : await sweeps.doneRuns({ points: [{ settings: {}, request }], seeds, splitSeeds })
  const asked = seeds.length * Math.max(1, splitSeeds.length)
  const isWhole = runs.length === asked
  const { numbers } = isWhole
    ? await session.request('read-figures', { runs, figures: figures.map(({ read }) => read) })
    : { numbers: figures.map(() => null) }
  return {
    ...claim,
    ...{ missing, asked, runs },
    figures: figures.map((figure, i) => {
      const got = numbers[i]
      const { written, tolerance } = figure
      const within = got && written !== null ? isWithin(got, writtenNumbers(written), tolerance) : null
      return { ...figure, got, within }
    }),
  }
}

function names(pattern: string, id: string): boolean {
  const [head, tail] = pattern.split('*', 2)
  return tail === undefined ? id === pattern : id.startsWith(head) && id.endsWith(tail)
}
