import { HydraError } from '../../../../shared/errors'

/** Faults of a file that are shown; the others are counted. */
const SHOWN = 10

/** What is wrong with the lines of some files, told together: whoever mends the first fault need not meet the next one then. */
export interface ImportFaults {
  /** Whether there are any. */
  readonly any: boolean
  add(fault: HydraError): void
  /** What a step gives, or undefined where it throws a fault, which is kept. */
  attempt<T>(step: () => T): T | undefined
  /** @throws the one fault, or of several the first one's code with the first ten of each file and their number */
  throwIfAny(): void
}

export function importFaults(): ImportFaults {
  const files = new Map<string, { count: number; readonly first: HydraError[] }>()
  const add = (fault: HydraError) => {
    const file = fault.detail.where?.replace(/:\d+$/, '') ?? ''
    const known = files.get(file) ?? { count: 0, first: [] }
    files.set(file, known)
    known.count++
    if (known.first.length < SHOWN) known.first.push(fault)
  }
  return {
    get any() {
      return files.size > 0
    },
    add,
    attempt(step) {
      try {
        return step()
      } catch (error) {
        if (!(error instanceof HydraError)) throw error
        add(error)
        return undefined
      }
    },
    throwIfAny() {
      const [first] = [...files.values()].flatMap((file) => file.first)
      if (!first) return
      const shown = [...files.values()].flatMap((file) => file.first)
      throw shown.length === 1 ? first : together(shown, files)
    },
  }
}

function together(
  shown: readonly HydraError[],
  files: ReadonlyMap<string, { readonly count: number; readonly first: readonly HydraError[] }>,
): HydraError {
  const [{ code, detail }] = shown
  const alike = (read: (fault: HydraError) => string, otherwise: string) =>
    shown.every((fault) => read(fault) === read(shown[0])) ? read(shown[0]) : otherwise
  const expected = alike((fault) => fault.detail.expected, '')
  const lines = [...files].flatMap(([file, { count, first }]) => [
    `${count.toLocaleString('en')} ${count === 1 ? 'fault' : 'faults'} in ${file}${count > first.length ? `, of which the first ${first.length}` : ''}:`,
    ...first.map(({ detail: one }) => {
      const line = one.where?.match(/\d+$/)?.[0] ?? '?'
      return `  line ${line}: ${one.got}${expected === '' ? ` (expected ${one.expected})` : ''}`
    }),
  ])
  return new HydraError(code, {
    expected: expected || 'lines without fault',
    got: lines.join('\n'),
    remedy: alike((fault) => fault.detail.remedy, 'Correct these lines, or remove them, and import again.'),
    where: detail.where,
  })
}

export function duplicateId(kind: string, id: string, where: string): HydraError {
  return new HydraError('DATASET_DUPLICATE_ID', {
    expected: `each ${kind} id once`,
    got: `"${id}" again`,
    remedy: 'Remove or rename one of the two.',
    where,
  })
}

export function emptyFile(expected: string, got: string, where: string): HydraError {
  return new HydraError('DATASET_EMPTY', { expected, got, remedy: 'Check that the file is complete.', where })
}
