import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Cards } from '../../../shared/ladder'
import { systemLabel } from '../../../shared/system-name'
import { isFused, type System } from '../../engine/evaluation/system'
import { trecRunLines } from '../../engine/exporting/trec-run'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import type { Ranking } from '../../engine/retrieval/corpus-index'
import { workspacePaths } from '../../workspace/paths'

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
 * tasks the same query id may mean different things, so the query field is `<task>|<query>`. Written beside as temporary files and
 * renamed at the end, all or none: the first fault, also that of opening, is kept until then.
 */
export async function openRunFiles(
  workspace: string,
  run: string,
  { depth, tasks }: { readonly depth: number; readonly tasks: number },
): Promise<RunFiles> {
  const folder = join(workspacePaths(workspace).run(run).folder, 'trec')
  const partial = join(folder, '.partial')
  const streams = new Map<string, WriteStream>()
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
      const name = `${cards}-k${examples}.${fileName(row)}.run`
      let stream = streams.get(name)
      if (!stream) {
        stream = createWriteStream(join(partial, name)).on('error', keep)
        streams.set(name, stream)
      }
      const { collection, id } = task.task
      const many = tasks > 1 || collection.cards.length > 1
      let lines = ''
      rankings.forEach(({ documents, scores }, i) => {
        const queryId = collection.queries.ids[queries[i]]
        lines += trecRunLines(
          {
            query: many ? `${id}|${queryId}` : queryId,
            documents: Array.from(
              documents.subarray(0, depth),
              (document) => collection.documents.ids[document],
            ),
            scores: scores.subarray(0, depth),
          },
          fileName(row),
        )
      })
      stream.write(lines)
    },
    async close() {
      if (closed) return
      closed = true
      for (const stream of streams.values()) {
        stream.end()
        await finished(stream).catch(keep)
      }
      if (!fault) {
        for (const name of streams.keys()) await rename(join(partial, name), join(folder, name)).catch(keep)
      }
      await clear().catch(keep)
      if (fault) throw (fault as { readonly cause: unknown }).cause
    },
  }
}

function fileName(row: string): string {
  return row.replace(/ \+ | /g, '-')
}
