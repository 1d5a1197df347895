/** An event of events.jsonl, as far as this reader knows it. */
export type ReadEvent = Record<string, unknown> & { readonly type: string }

/** A line that came before: what lines like it have in common, and where their numbers are. */
interface LineShape {
  /** What stands before each number, and after the last. */
  readonly literals: readonly Uint8Array[]
  readonly fields: readonly string[]
  /** The event of the last line that was like it: its numbers are set anew. */
  readonly event: Record<string, unknown> & { type: string }
}

const MOST_SHAPES = 24
const NEWLINE = 0x0a
const NUMBER = /(?<!\\)"(\w+)":(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=[,}])/g

/**
 * Reads events.jsonl by the chunk. A training says the same few sentences half a million times with other numbers: a line like
 * one before has only its numbers read, five times as quickly as JSON.parse reads it. A line that is no JSON, as one that a crash
 * cut off, is passed over. @param each is given every event of a type that is `wanted`; numbers of a known sentence are set in the
 * object of the one before, so nothing of it may be kept
 */
export function eventReader(wanted: ReadonlySet<string>, each: (event: ReadEvent) => void) {
  const shapes: LineShape[] = []
  let held: Buffer = Buffer.alloc(0)

  function parse(line: string): void {
    if (!wanted.has(/^\{"type":"([\w-]+)"/.exec(line)?.[1] ?? '')) return
    let event: ReadEvent
    try {
      event = JSON.parse(line)
    } catch {
      return
    }
    if (shapes.length < MOST_SHAPES) shapes.push(shapeOf(line, event))
    each(event)
  }

  /** The next line where it is like one before, the likeliest first; null where none is. */
  function known(bytes: Buffer, from: number): { end: number; shape: LineShape } | null {
    for (let i = 0; i < shapes.length; i++) {
      const end = match(shapes[i], bytes, from)
      if (end < 0) continue
      const shape = shapes[i]
      // Whoever spoke last speaks next: two or three shapes take turns at the head of the list.
      if (i > 3) {
        shapes.splice(i, 1)
        shapes.unshift(shape)
      }
      return { end, shape }
    }
    return null
  }

  return {
    push(chunk: Buffer): void {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      let from = 0
      for (;;) {
        const found = known(bytes, from)
        if (found) {
          from = found.end
          each(found.shape.event)
          continue
        }
        const newline = bytes.indexOf(NEWLINE, from)
        if (newline < 0) break
        parse(bytes.toString('utf8', from, newline))
        from = newline + 1
      }
      held = bytes.subarray(from)
    },
    /** The last line need not have an end. */
    end(): void {
      parse(held.toString('utf8'))
      held = Buffer.alloc(0)
    },
  }
}

function shapeOf(line: string, event: ReadEvent): LineShape {
  const literals: Uint8Array[] = []
  const fields: string[] = []
  let from = 0
  for (const found of line.matchAll(NUMBER)) {
    const at = found.index + found[0].length - found[2].length
    // Only numbers of the event itself: those inside an object of it are no field of the event.
    if (event[found[1]] !== Number(found[2])) continue
    literals.push(Buffer.from(line.slice(from, at)))
    fields.push(found[1])
    from = at + found[2].length
  }
  literals.push(Buffer.from(`${line.slice(from)}\n`))
  return { literals, fields, event: { ...event } }
}

const DIGIT_0 = 0x30
const MINUS = 0x2d
const POINT = 0x2e
const [LOWER_E, UPPER_E] = [0x65, 0x45]
const TENTHS = Float64Array.from({ length: 40 }, (_, i) => 10 ** -i)

/** Sets the numbers of the shape's event and answers where the next line begins, or answers −1 where the line is another one. */
function match({ literals, fields, event }: LineShape, bytes: Buffer, from: number): number {
  let at = from
  for (let i = 0; ; i++) {
    const literal = literals[i]
    if (at + literal.length > bytes.length) return -1
    for (let j = 0; j < literal.length; j++) if (bytes[at + j] !== literal[j]) return -1
    at += literal.length
    if (i === fields.length) return at
    const begin = at
    if (bytes[at] === MINUS) at++
    let value = 0
    let digits = 0
    let behind = -1
    for (; at < bytes.length; at++) {
      const digit = bytes[at] - DIGIT_0
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit
        digits++
        if (behind >= 0) behind++
      } else if (bytes[at] === POINT && behind < 0) behind = 0
      else break
    }
    // With an exponent, or cut off by the chunk's end: read as any other line.
    if (digits === 0 || digits > 30 || at === bytes.length || bytes[at] === LOWER_E || bytes[at] === UPPER_E)
      return -1
    if (behind > 0) value *= TENTHS[behind]
    event[fields[i]] = bytes[begin] === MINUS ? -value : value
  }
}
