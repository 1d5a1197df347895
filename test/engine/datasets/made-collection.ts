import type { Collection, Judgments, Task } from '../../../src/main/engine/datasets/collection'
import { protocolOf } from '../../../src/main/engine/datasets/protocol'
import { listTasks } from '../../../src/main/engine/datasets/tasks'

/** [query row, [document row, grade][]] */
export type Judged = [query: number, documents: [document: number, grade: number][]]

function packJudgments(judged: readonly Judged[]): Judgments {
  const offsets = [0]
  for (const [, documents] of judged) offsets.push(offsets[offsets.length - 1] + documents.length)
  return {
    queries: Int32Array.from(judged, ([query]) => query),
    offsets: Int32Array.from(offsets),
    documents: Int32Array.from(judged.flatMap(([, documents]) => documents.map(([row]) => row))),
    grades: Float32Array.from(judged.flatMap(([, documents]) => documents.map(([, grade]) => grade))),
  }
}

export interface MadeCard {
  id: string
  members?: number[]
  factors?: Record<string, string>
  train?: Judged[]
  dev?: Judged[]
  test?: Judged[]
}

export function makeCollection(
  id: string,
  cards: readonly MadeCard[],
  texts: { documents: string[]; queries: string[]; own?: number[] },
  family?: string,
): Collection {
  return {
    id,
    family,
    title: id,
    sha256: '',
    exclude: 'none',
    protocol: protocolOf({ cards: cards.length }),
    documents: { ids: texts.documents.map((_, row) => `d${row}`), texts: texts.documents },
    queries: { ids: texts.queries.map((_, row) => `q${row}`), texts: texts.queries },
    ownDocument: Int32Array.from(texts.own ?? texts.queries.map(() => -1)),
    cards: cards.map((card) => ({
      card: { version: 1, id: card.id, name: `name of ${card.id}`, description: card.id, examples: [] },
      members: card.members ? Int32Array.from(card.members) : null,
      factors: card.factors,
    })),
    judgments: new Map(
      cards.map((card) => [
        card.id,
        new Map([
          ['train', packJudgments(card.train ?? [])],
          ...(card.dev ? ([['dev', packJudgments(card.dev)]] as const) : []),
          ['test', packJudgments(card.test ?? [])],
        ]),
      ]),
    ),
  }
}

/** Tasks of cards over one corpus of `size` documents. */
export function makeTasks(id: string, cards: readonly MadeCard[], size = 100): Task[] {
  const documents = Array.from({ length: size }, (_, row) => `document ${row}`)
  return listTasks(makeCollection(id, cards, { documents, queries: documents }))
}
