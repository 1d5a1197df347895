import {
  type SuggestedQueries,
  suggestedQueriesSchema,
  suggestQueriesSchema,
} from '../../../shared/schemas/generated-queries'
import { sampleDocuments, writtenQueries } from '../../engine/generation/generated-queries'
import { relevantTo } from '../../engine/protocol/tested'
import { wording } from '../../engine/protocol/wording'
import { defineOperation, type OperationContext } from '../operation'
import { requireTask } from '../playground/card-choice'
import { askGenerator } from './ask-generator'

/** The seed draws the examples of a dataset's own card, which nobody looks at here. */
const ANY_SEED = 1

/** Has a model write queries to be read by a person who writes a card. No filter stands between them: the person is it. */
export const suggestQueries = defineOperation({
  name: 'suggest-queries',
  input: suggestQueriesSchema,
  output: suggestedQueriesSchema,
  session: true,
  async run({ model, of, perDocument, seed, shown }, context) {
    const write = (texts: readonly string[]) => {
      const phase = `write queries of ${texts.length} ${texts.length === 1 ? 'document' : 'documents'}`
      return askGenerator(texts, { model, phase, perDocument, seed, prompt: null }, context)
    }
    const { suggestions, documents } =
      'task' in of ? await ofTask(of, seed, write, context) : await ofDocuments(of.documents, write)
    const known = new Set(shown.map(wording))
    return {
      documents,
      suggestions: suggestions.filter(({ query }) => {
        const isNew = !known.has(wording(query))
        known.add(wording(query))
        return isNew
      }),
    }
  },
})

type Write = (texts: readonly string[]) => Promise<string[][]>

async function ofDocuments(
  documents: readonly { document: string; documentId?: string | undefined }[],
  write: Write,
): Promise<SuggestedQueries> {
  const written = await write(documents.map(({ document }) => document))
  return {
    suggestions: documents.flatMap((one, i) => written[i].map((query) => ({ query, ...one }))),
    documents: documents.length,
  }
}

/** Of what the task's card stands for, and of nothing that the linter would warn of on a card. */
async function ofTask(
  { task: id, most }: { task: string; most: number },
  seed: number,
  write: Write,
  context: OperationContext,
): Promise<SuggestedQueries> {
  const collection = await context.warm.collection(id.split('/', 1)[0], ANY_SEED, context)
  const { members, train, dev, test } = requireTask(collection, id)
  const { ids, texts } = collection.documents
  const within = members && new Set(members)
  const trained = relevantTo(train)
  const judged = relevantTo(dev, test)
  // Where the protocol hides what a card shows from its own test, nothing is given away.
  const mayBeShown = (row: number) => collection.protocol.hideShown || trained.has(row) || !judged.has(row)
  const rows = sampleDocuments(
    collection,
    most,
    seed,
    (row) => mayBeShown(row) && (within === null || within.has(row)),
  )
  const written = writtenQueries(collection, rows, await write(rows.map((row) => texts.at(row)!)))
  return {
    suggestions: written.map(({ text, document }) => ({
      query: text,
      document: texts.at(document)!,
      documentId: ids[document],
    })),
    documents: rows.length,
  }
}

declare module '../operation' {
  interface Operations {
    'suggest-queries': typeof suggestQueries
  }
}
