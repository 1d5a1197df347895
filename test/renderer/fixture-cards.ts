import { implement } from '@orpc/server'
import { formatCard, parseCard } from '../../src/main/workspace/card-text'
import { contract } from '../../src/shared/contract'
import type { CardVersion } from '../../src/shared/schemas/authoring'
import { cardSchema, type TaskCard } from '../../src/shared/schemas/card'
import type { Finding } from '../../src/shared/schemas/dataset'
import { TASKS } from './fixture-world'

const words = (text: string) => ({
  text,
  tokens: ['[CLS]', ...text.split(/\s+/), '[SEP]'],
  read: text.length,
})

const TEMPLATE: TaskCard = cardSchema.parse({
  id: 'scifact',
  name: 'Evidence for claims',
  description: 'find the abstract that supports or refutes a scientific claim',
})

/** The cards of the fixture, in memory: what people wrote, one template, and the tasks' own. */
export function fixtureCards(withDatasets: boolean) {
  const { cards } = implement({ cards: contract.cards })
  const saved = new Map<string, TaskCard>()
  const versions: CardVersion[] = []
  const readers = new Set<(id: string) => void>()
  let clock = Date.UTC(2026, 2, 14, 9)
  const changed = (id: string) => {
    for (const reader of readers) reader(id)
  }
  const keep = (card: TaskCard): CardVersion => {
    clock += 60_000
    const until = new Date(clock).toISOString()
    const version = { version: until.replaceAll(/[-:]/g, ''), until, card }
    versions.unshift(version)
    return version
  }
  const find = (id: string): TaskCard | undefined => {
    const task = TASKS.find((one) => one.id === id)
    if (task && withDatasets)
      return cardSchema.parse({
        id: id.split('/')[1],
        name: task.name,
        description: task.description,
      })
    return saved.get(id) ?? (id === TEMPLATE.id ? TEMPLATE : undefined)
  }

  return {
    list: cards.list.handler(() => [
      ...[...saved.values()].map((card) => ({ card, origin: 'workspace' as const })),
      { card: TEMPLATE, origin: 'template' as const },
    ]),
    show: cards.show.handler(({ input, errors }) => {
      const card = find(input.id)
      if (card) return card
      throw errors.HYDRA({
        data: {
          code: 'CARD_UNKNOWN',
          expected: 'a card',
          got: input.id,
          remedy: 'Choose one that is there.',
        },
      })
    }),
    validate: cards.validate.handler(({ input, errors }) => {
      throw errors.HYDRA({
        data: { code: 'FILE_MISSING', expected: 'a card file', got: input.file, remedy: 'Check the path.' },
      })
    }),
    parse: cards.parse.handler(({ input, errors }) => {
      try {
        return parseCard(input.text)
      } catch (error) {
        throw errors.HYDRA({
          data: {
            code: 'CARD_INVALID',
            expected: 'a card',
            got: String(error),
            remedy: 'Correct the field.',
          },
        })
      }
    }),
    format: cards.format.handler(({ input }) => ({ text: formatCard(input.card, input.format) })),
    check: cards.check.handler(({ input }) =>
      (cardSchema.safeParse(input.card).error?.issues ?? []).map(({ path, message }) => ({
        field: path.join('.'),
        message,
      })),
    ),
    save: cards.save.handler(({ input, errors }) => {
      const { card, replace } = input
      const before = saved.get(card.id)
      if (before && !replace)
        throw errors.HYDRA({
          data: { code: 'CARD_EXISTS', expected: 'a new id', got: card.id, remedy: 'Replace it.' },
        })
      if (before) keep(before)
      saved.set(card.id, card)
      changed(card.id)
      return { card, file: `/workspace/cards/${card.id}.json` }
    }),
    remove: cards.remove.handler(({ input }) => {
      const { version } = keep(saved.get(input.id)!)
      saved.delete(input.id)
      changed(input.id)
      return { version }
    }),
    history: cards.history.handler(({ input }) => versions.filter(({ card }) => card.id === input.id)),
    restore: cards.restore.handler(({ input }) => {
      const { card } = versions.find(({ version }) => version === input.version)!
      const before = saved.get(card.id)
      if (before) keep(before)
      saved.set(card.id, card)
      changed(card.id)
      return card
    }),
    changes: cards.changes.handler(async function* ({ signal }) {
      const waiting: string[] = []
      let wake: () => void = () => undefined
      const reader = (id: string) => {
        waiting.push(id)
        wake()
      }
      readers.add(reader)
      signal?.addEventListener('abort', () => wake())
      try {
        while (!signal?.aborted) {
          for (const id of waiting.splice(0)) yield { id }
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        readers.delete(reader)
      }
    }),
    draw: cards.draw.handler(({ input }) => {
      const all = ['wedding', 'bread', 'snow', 'river', 'harvest', 'dance'].map((query, i) => ({
        query,
        document: `${query}: what answers ${query}`,
        queryId: `q${i}`,
        documentId: `d${i}`,
      }))
      const from = input.by === 'random' ? input.seed % all.length : 0
      return {
        examples: [...all.slice(from), ...all.slice(0, from)]
          .filter(({ query }) => !input.shown.includes(query) && query.includes(input.text.toLowerCase()))
          .slice(0, input.most),
        train: all.length,
        dev: 3,
        test: 9,
      }
    }),
    suggest: cards.suggest.handler(async function* ({ input: { of, perDocument, shown } }) {
      const documents =
        'documents' in of
          ? of.documents
          : ['ferry', 'lantern'].map((word) => ({ document: `${word}: what it is for`, documentId: word }))
      const progress = {
        phase: `write queries of ${documents.length} documents`,
        unit: 'documents',
        total: documents.length,
        rate: 0,
        remaining: null,
      }
      for (let done = 0; done <= documents.length; done++)
        yield { type: 'progress', progress: { ...progress, done } } as const
      const suggestions = documents.flatMap((one) =>
        Array.from({ length: perDocument }, (_, i) => ({
          query: `question ${i + 1} about ${one.document.split(':')[0]}`,
          ...one,
        })),
      )
      yield {
        type: 'done',
        output: {
          suggestions: suggestions.filter(({ query }) => !shown.includes(query)),
          documents: documents.length,
        },
      } as const
    }),
    tokens: cards.tokens.handler(({ input }) => ({
      encoder: input.encoder,
      limit: 256,
      card: words(input.card.description),
      examples: input.card.examples.map(({ query, document }) => ({
        query: words(query),
        document: words(document),
      })),
    })),
    lint: cards.lint.handler(({ input }): Finding[] =>
      input.card.examples.some(({ query }) => query === 'snow')
        ? [
            {
              code: 'exemplar-from-test',
              severity: 'error',
              message: '1 example of a card is a test query.',
              count: 1,
              examples: ['"snow"'],
              remedy: 'Take examples from train only.',
            },
          ]
        : [],
    ),
    nearest: cards.nearest.handler(({ input }) => ({
      nearest: TASKS.slice(0, input.most).map(({ id, name }, i) => ({
        task: id,
        name,
        cosine: 0.61 - i * 0.04,
      })),
      trained: 331,
      examples: 0,
      usual: { low: 0.48, median: 0.66, high: 0.83 },
      p: 0.41,
      forecast: {
        leads: [
          {
            row: 'task card',
            expected: 0.031,
            low: -0.08,
            high: 0.14,
            n: 160,
            held: 145,
            error: 0.09,
            plain: 0.11,
            got: null,
          },
        ],
        none: null,
        level: 0.9,
        tasks: 80,
        clusters: 41,
        needed: 20,
      },
    })),
  }
}
