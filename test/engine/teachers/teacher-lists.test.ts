import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import { createTeacher } from '../../../src/main/engine/teachers/index'
import {
  decodeTeacherLists,
  encodeTeacherLists,
  type TeacherListsIdentity,
  teacherLists,
  teacherListsKey,
} from '../../../src/main/engine/teachers/teacher-lists'
import { makeCollection } from '../datasets/made-collection'

const identity: TeacherListsIdentity = {
  teacher: 'bm25',
  options: { k1: 1.2, b: 0.75 },
  dataset: 'sha',
  task: 'made',
  models: [],
  queries: Int32Array.of(1, 2),
  depth: 100,
}

describe('the key of lists', () => {
  it('does not depend on the order of the options', () => {
    const turned = { ...identity, options: { b: 0.75, k1: 1.2 } }
    expect(teacherListsKey(turned)).toBe(teacherListsKey(identity))
    expect(teacherListsKey(identity)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('depends on all that decides them', () => {
    const others: Partial<TeacherListsIdentity>[] = [
      { teacher: 'dense' },
      { options: { k1: 1.3, b: 0.75 } },
      { dataset: 'other' },
      { task: 'made/other' },
      { models: ['fingerprint'] },
      { queries: Int32Array.of(2, 1) },
      { depth: 101 },
    ]
    const keys = others.map((other) => teacherListsKey({ ...identity, ...other }))
    expect(new Set([...keys, teacherListsKey(identity)]).size).toBe(others.length + 1)
  })
})

describe('lists as a file', () => {
  const rankings = fc.array(
    fc.array(fc.tuple(fc.nat(1e6), fc.float({ noNaN: true, noDefaultInfinity: true })), { maxLength: 5 }),
    {
      maxLength: 6,
    },
  )

  it('come back as they were', () => {
    fc.assert(
      fc.property(rankings, (made) => {
        const lists = {
          queries: Int32Array.from(made, (_, i) => 3 * i),
          rankings: made.map((pairs) => ({
            documents: Int32Array.from(pairs, ([document]) => document),
            scores: Float32Array.from(pairs, ([, score]) => score),
          })),
        }
        expect(decodeTeacherLists(encodeTeacherLists(lists), 'file')).toEqual(lists)
      }),
    )
  })

  it('are FILE_INVALID when they are something else', () => {
    const data = Int32Array.of(1)
    const foreign = writeSafetensors({ queries: { dtype: 'I32', shape: [1], data } })
    for (const bytes of [foreign, new Uint8Array(3)]) {
      expect(() => decodeTeacherLists(bytes, 'lists')).toThrow(
        expect.objectContaining({ code: 'FILE_INVALID' }),
      )
    }
  })
})

describe('teacherLists', () => {
  it('asks for the queries of the split, whatever their labels', async () => {
    const collection = makeCollection(
      'made',
      [
        {
          id: 'made',
          train: [
            [2, []],
            [0, [[1, 1]]],
          ],
          test: [[1, [[0, 1]]]],
        },
      ],
      { documents: ['red wine', 'green tea', 'black coffee'], queries: ['tea', 'red', 'wine'] },
    )
    const [task] = listTasks(collection)
    const teacher = await createTeacher('bm25', { collection })
    const train = await teacherLists(teacher, task, { depth: 2 })
    expect([...train.queries]).toEqual([2, 0])
    expect(train.rankings.map(({ documents }) => [...documents])).toEqual([[0], [1]])
    const test = await teacherLists(teacher, task, { depth: 2, split: 'test' })
    expect(test.rankings.map(({ documents }) => [...documents])).toEqual([[0]])
  })
})
