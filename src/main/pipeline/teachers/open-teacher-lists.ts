import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { Task } from '../../engine/datasets/collection'
import type { EncodedCollection } from '../../engine/preferences/encoded-collection'
import { checkTeacher, createTeacher } from '../../engine/teachers/index'
import {
  decodeTeacherLists,
  encodeTeacherLists,
  type TeacherLists,
  teacherLists,
  teacherListsKey,
} from '../../engine/teachers/teacher-lists'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { teacherMaterial } from './teacher-material'

/** One teacher's lists for a task's queries, from the cache where the same was asked before: what a sampler draws from. */
export async function openTeacherLists(
  options: {
    readonly teacher: string
    readonly options?: Readonly<Record<string, unknown>>
    readonly task: Task
    /** By the encoder that is being taught. */
    readonly encoded: EncodedCollection
    /** Its fingerprint. */
    readonly encoder: string
    readonly depth: number
    readonly split?: 'train' | 'dev' | 'test'
  },
  context: OperationContext,
): Promise<TeacherLists> {
  const { teacher: name, task, encoded, encoder, depth, split = 'train' } = options
  const chosen = checkTeacher(name, options.options)
  // Fusion chooses its weights on dev, whichever split is asked.
  const opened = teacherMaterial({ task, encoded, splits: [...new Set([split, 'dev' as const])] }, context)
  try {
    // A teacher that looks through further models opens them here; their fingerprints are part of the key.
    const teacher = await createTeacher(name, opened.material, options.options)
    try {
      const key = teacherListsKey({
        teacher: name,
        options: chosen,
        dataset: task.collection.sha256,
        task: task.id,
        models: [encoder, ...opened.models()],
        queries: task[split].queries,
        depth,
      })
      const file = join(workspacePaths(context.workspace).teacherCache, 'lists', `${key}.safetensors`)
      const known = await readLists(file)
      if (known) return known
      const meter = progressMeter({
        phase: `${name} on ${task.id}`,
        unit: 'queries',
        emit: context.emit,
        now: context.now,
      })
      const lists = await teacherLists(teacher, task, {
        depth,
        split,
        signal: context.signal,
        onProgress: meter,
      })
      await writeFileAtomic(file, encodeTeacherLists(lists))
      return lists
    } finally {
      await teacher.dispose()
    }
  } finally {
    await opened.dispose()
  }
}

/** A damaged file of the cache is deleted and made anew. */
async function readLists(file: string): Promise<TeacherLists | null> {
  if (!existsSync(file)) return null
  try {
    return decodeTeacherLists(await readFile(file), file)
  } catch (error) {
    if (!(error instanceof HydraError)) throw error
    await rm(file, { force: true })
    return null
  }
}
