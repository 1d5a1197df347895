import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { HydraError } from '../../../shared/errors'
import type { Cards } from '../../../shared/ladder'
import { systemLabel } from '../../../shared/system-name'
import type { Collection } from '../../engine/datasets/collection'
import { isFused, type System } from '../../engine/evaluation/system'
import { trecRunLines } from '../../engine/exporting/trec-run'
import { mistakableIds, runField } from '../../engine/formats/run-field'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import type { Ranking } from '../../engine/retrieval/corpus-index'
import { workspacePaths } from '../../workspace/paths'

/** gzip's quickest: a tenth of the text's size, in less time than a disk needs for all of it. */
const FAST = 1

interface RunFiles {
  add(
    table: { readonly cards: Cards; readonly examples: number },
    system: System,
    task: EncodedTask,
    queries: Int32Array,
    rankings: readonly Ranking[],
  ): void
  /** Renames the finished files to their names, or throws what hindered one of them; a second call does nothing. */
  close(): Promise<void>
}

/**
 * TREC run files of a run, `trec/<cards>-k<examples>/<row>.run`, one per row of the ladder. Where a run has several
 * tasks the same query id may mean different things, so the query field is `<task>|<query>`. Rankings are as deep as they were
 * scored, so that another program finds the same values. A row that several systems make (each other card in turn as the wrong
 * one) has no one ranking of a query, and no file. Written beside as temporary files and renamed at the end, all or none: the
 * first fault, also that of opening, is kept until then.
 * @param compressed as gzip, `.run.gz`
 */
export async function openRunFiles(
  workspace: string,
  run: string,
  { tasks, compressed }: { readonly tasks: number; readonly compressed: boolean },
): Promise<RunFiles> {
  const folder = join(workspacePaths(workspace).run(run).folder, 'trec')
  const partial = join(folder, '.partial')
  const files = new Map<string, Promise<void>>()
  const streams = new Map<string, Writable>()
  const ranked = new Set<string>()
  const severalSystems = new Set<string>()
  const checked = new Set<Collection>()
  let fault: { readonly cause: unknown } | null = null
  const keep = (cause: unknown) => {
    fault ??= { cause }
  }
  const clear = () => rm(partial, { recursive: true, force: true })
  await clear()
    .then(() => mkdir(partial, { recursive: true }))
    .catch(keep)
  let closed = false
  return {
    add({ cards, examples }, system, task, queries, rankings) {
      if (fault) return
      const row = systemLabel({ row: system.name, bm25: isFused(system) })
      const name = `${runFileName({ cards, examples, row })}${compressed ? '.gz' : ''}`
      const { collection, id } = task.task
      if (!checked.has(collection)) {
        checked.add(collection)
        const [mistakable] = [collection.documents, collection.queries].flatMap(({ ids }) =>
          mistakableIds(ids),
        )
        if (mistakable !== undefined) return keep(ambiguous(mistakable, collection.id))
      }
      const once = `${name} ${id}`
      if (ranked.has(once)) severalSystems.add(name)
      ranked.add(once)
      if (severalSystems.has(name)) return
      let stream = streams.get(name)
      if (!stream) {
        const file = createWriteStream(join(partial, name))
        stream = compressed ? createGzip({ level: FAST }) : file
        files.set(name, (compressed ? pipeline(stream as Gzip, file) : finished(file)).catch(keep))
        streams.set(name, stream)
      }
      const many = tasks > 1 || collection.cards.length > 1
      let lines = ''
      rankings.forEach(({ documents, scores }, i) => {
        const queryId = collection.queries.ids[queries[i]]
        lines += trecRunLines(
          {
            query: many ? `${id}|${queryId}` : queryId,
            documents: Array.from(documents, (document) => collection.documents.ids[document]),
            scores,
          },
          fileName(row),
        )
      })
      stream.write(lines)
    },
    async close() {
      if (closed) return
      closed = true
      for (const stream of streams.values()) stream.end()
      await Promise.all(files.values())
      if (!fault) {
        for (const name of streams.keys())
          if (!severalSystems.has(name)) await rename(join(partial, name), join(folder, name)).catch(keep)
      }
      await clear().catch(keep)
      if (fault) throw (fault as { readonly cause: unknown }).cause
    },
  }
}

function ambiguous(id: string, dataset: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected: `ids in ${dataset} that a run file can tell apart`,
    got: `${JSON.stringify(id)} beside ${JSON.stringify(runField(id))}, as which it would be written`,
    remedy: 'Rename one of the two, and import the dataset again.',
  })
}

/** In `trec/`; `.gz` follows where it is compressed. */
export function runFileName(of: {
  readonly cards: Cards
  readonly examples: number
  readonly row: string
}): string {
  return `${of.cards}-k${of.examples}.${fileName(of.row)}.run`
}

function fileName(row: string): string {
  return row.replace(/ \+ | /g, '-')
}
