import { describe, expect, it } from 'vitest'
import { createMatrix, inMemory } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import { preferenceLists } from '../../../src/main/pipeline/teachers/preference-lists'
import { gateWarning, requireTeaching } from '../../../src/main/pipeline/teachers/teacher-gate'
import { judge, tinyTasks } from '../../engine/tiny-task'
import { madeContext } from '../../made-context'
import { temporaryFolder } from '../../temporary-folder'

const answers = (first: number) =>
  judge(Array.from({ length: 6 }, (_, i) => [first + i, first + i, 1] as const))
const nothing = judge([])

/** Query i asks for document i: in its words, where `words` has it so, and with the document's own vector, where `vectors` has. */
function task(
  id: string,
  { words, vectors, dev = true }: { words: boolean; vectors: boolean; dev?: boolean },
) {
  const [made] = tinyTasks({
    documents: 40,
    queries: 30,
    dimensions: 16,
    cards: [{ id, train: answers(0), dev: dev ? answers(10) : nothing, test: answers(20) }],
  })
  const { task: one, encoded } = made
  const name = (i: number) => `word${i}`
  const documents = Array.from({ length: 40 }, (_, i) => `${name(i)} of the corpus`)
  const queries = Array.from({ length: 30 }, (_, i) => (words ? name(i) : 'corpus'))
  const collection = {
    ...one.collection,
    id,
    sha256: id,
    documents: { ...one.collection.documents, texts: documents },
    queries: { ...one.collection.queries, texts: queries },
  }
  const rows = vectors
    ? createMatrix(30, 16, inMemory(encoded.documents).data.slice(0, 30 * 16))
    : encoded.queries
  return {
    ...made,
    task: { ...one, id, collection },
    encoded: { ...encoded, collection, queries: rows },
  } satisfies EncodedTask
}

async function lists(tasks: readonly EncodedTask[], overrides: Record<string, unknown> = {}) {
  const workspace = await temporaryFolder()
  const context = madeContext(workspace)
  const recipe = resolveRecipe('recommended', tasks.length, 4, { teacher: { name: 'bm25' }, ...overrides })
  return (await preferenceLists({ tasks, recipe, seed: 1, encoder: 'student' }, context))!
}

const helped = task('helped', { words: true, vectors: false })
const harmed = task('harmed', { words: false, vectors: true })
const lengths = (learned: Awaited<ReturnType<typeof lists>>, of: EncodedTask) =>
  learned.lists.get(of)!.rankings.map(({ documents }) => documents.length > 0)

describe('the gate of a teacher', () => {
  it('leaves a task without lists where the frozen encoder is better on dev, and says so', async () => {
    const learned = await lists([helped, harmed])
    expect(lengths(learned, helped)).toEqual(Array(6).fill(true))
    expect(lengths(learned, harmed)).toEqual(Array(6).fill(false))
    const [first, second] = learned.decisions
    expect(first).toMatchObject({ task: 'helped', teacher: 'bm25', admitted: true })
    expect(first.measured).toMatchObject({ teacher: 1, queries: 6 })
    expect(gateWarning(first)).toBeNull()
    expect(second).toMatchObject({ task: 'harmed', admitted: false, measured: { student: 1 } })
    expect(gateWarning(second)).toContain('harmed')
    expect(() => requireTeaching(learned.decisions)).not.toThrow()
    expect(() => requireTeaching([second])).toThrow(expect.objectContaining({ code: 'TEACHER_GATED' }))
  })

  it('stands open when asked to', async () => {
    const learned = await lists([harmed], { teacherGate: false })
    expect(lengths(learned, harmed)).toEqual(Array(6).fill(true))
    expect(learned.decisions).toEqual([])
    expect(() => requireTeaching(learned.decisions)).not.toThrow()
  })

  it('has nothing against a teacher where a task has no dev queries', async () => {
    const unknown = task('unknown', { words: false, vectors: true, dev: false })
    const learned = await lists([unknown])
    expect(lengths(learned, unknown)).toEqual(Array(6).fill(true))
    expect(learned.decisions).toMatchObject([{ admitted: true, measured: null }])
  })
})
