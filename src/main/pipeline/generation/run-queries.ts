import { existsSync } from 'node:fs'
import { HydraError } from '../../../shared/errors'
import type { GeneratedQueries } from '../../../shared/schemas/generated-queries'
import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import type { Collection } from '../../engine/datasets/collection'
import {
  sampleDocuments,
  type WrittenQuery,
  withGeneratedQueries,
} from '../../engine/generation/generated-queries'
import { readGeneratedQueries, writeGeneratedQueries } from '../../workspace/generated-file'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'
import { writeQueries } from './write-queries'

type Asked = Pick<RunRecord, 'id' | 'request'>
type Settings = Pick<Recipe, 'generated' | 'pseudoQueries'>

/** Characters of a document that stand for a query which nobody has written yet. */
const STAND_IN = 60

/**
 * A collection that is asked by the queries which were written for a run and kept. Where the run is only planned, nobody has written
 * any: beginnings of the documents stand in for them.
 */
export async function askedByGenerated(
  collection: Collection,
  { run, settings, planned }: { run: Asked; settings: Settings; planned: boolean },
  context: Pick<OperationContext, 'workspace'>,
): Promise<Collection> {
  if (planned) return withGeneratedQueries(collection, standIns(collection, settings, run.request.seed))
  const file = workspacePaths(context.workspace).run(run.id).generated(collection.id)
  const { queries } = await readGeneratedQueries(file)
  const rows = new Map(collection.documents.ids.map((id, row) => [id, row]))
  const made = queries.flatMap(({ query, document, dropped }): WrittenQuery[] => {
    const row = rows.get(document)
    return dropped === null && row !== undefined ? [{ text: query, document: row }] : []
  })
  if (made.length > 0) return withGeneratedQueries(collection, made)
  throw nothingKept(collection.id, queries.length)
}

/**
 * Writes the queries that a run is trained on into its folder, where it has none yet: what asks in a run stays what it is, whatever
 * becomes of the cache and the model.
 * @returns a note for each collection
 */
export async function writeRunQueries(
  { run, settings }: { run: Asked; settings: Settings },
  collections: readonly Collection[],
  context: OperationContext,
): Promise<string[]> {
  const { seed, encoder } = run.request
  const { generated: generation, pseudoQueries: most } = settings
  const notes: string[] = []
  for (const collection of collections) {
    const file = workspacePaths(context.workspace).run(run.id).generated(collection.id)
    if (!existsSync(file)) {
      const request = {
        dataset: collection.id,
        generation: { ...generation, model: generation.model! },
        most,
        encoder,
        seed,
      }
      await writeGeneratedQueries(file, await writeQueries(collection, request, context))
    }
    notes.push(noteOf(collection.id, await readGeneratedQueries(file)))
  }
  return notes
}

function noteOf(dataset: string, { queries, documents, request: { generation } }: GeneratedQueries): string {
  const count = (why: string | null) =>
    queries.filter(({ dropped }) => dropped === why).length.toLocaleString('en')
  const filters = [
    ...(generation.roundTrip === null
      ? []
      : [
          `${count('not found')} did not find it among the first ${generation.roundTrip} by ${generation.roundTripBy}`,
        ]),
    ...(generation.reranker === null
      ? []
      : [`${count('margin')} fell short of the margin ${generation.margin} of ${generation.reranker}`]),
  ]
  return [
    `${dataset} is asked by ${count(null)} queries that ${generation.model} wrote of its documents, ${documents.toLocaleString('en')} of them read; nobody judged that these answer them`,
    ...filters,
  ].join('; ')
}

function standIns(
  collection: Collection,
  { generated: { perDocument }, pseudoQueries }: Settings,
  seed: number,
): WrittenQuery[] {
  const documents = sampleDocuments(collection, Math.ceil(pseudoQueries / perDocument), seed)
  return documents
    .flatMap((document) =>
      Array.from({ length: perDocument }, (_, i) => ({
        text: `${i} ${collection.documents.texts.at(document)!.slice(0, STAND_IN)}`,
        document,
      })),
    )
    .slice(0, pseudoQueries)
}

function nothingKept(dataset: string, written: number): HydraError {
  return new HydraError('TASK_UNUSABLE', {
    expected: 'generated queries that find the documents that they were written of',
    got:
      written === 0
        ? `none written of ${dataset}`
        : `all ${written.toLocaleString('en')} of ${dataset} dropped`,
    remedy: 'Look at what the model writes; ask for a wider round trip, another prompt or another model.',
    command: `hydra datasets queries ${dataset} --model MODEL`,
  })
}
