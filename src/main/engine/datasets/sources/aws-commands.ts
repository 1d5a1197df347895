import { z } from 'zod'
import { firstCharacters, type MadeCorpus, madeCard, madeFamily, plainText } from './made-family'
import type { MakingContext, SourceSpec } from './source-spec'
import { wheelTexts } from './wheel-texts'

const NAME = 'aws-commands'
const LICENCE = 'Apache-2.0'
const AWSCLI = '1.46.3'
const BOTOCORE = '1.44.8'

const LONGEST_DOCUMENT = 300
const LEAST_TITLE = 9
/** Of one command's examples, so many are queries. */
const MOST_EXAMPLES = 3
const FEWEST_DOCUMENTS = 30
const FEWEST_QUERIES = 15

/** A document is an operation of a service, a query the title of an example that somebody wrote for its command. */
export const awsCommands: SourceSpec = {
  name: NAME,
  title: 'Commands of AWS',
  summary:
    'A family of 89 corpora, services of AWS: 8,122 commands with their documentation, to be found by the titles of 5,184 examples.',
  citation: 'Amazon Web Services, AWS CLI and botocore, 2026',
  options: z.strictObject({}),
  id: NAME,
  licence: LICENCE,
  version: `awscli ${AWSCLI}, botocore ${BOTOCORE}`,
  files: [
    {
      name: `awscli-${AWSCLI}-py3-none-any.whl`,
      bytes: 20_232_382,
      checksum: {
        kind: 'sha256',
        hex: '94c561c1b1b2cf0978ec8d87d956c26c807555438593eec29ea90602b9518cfb',
      },
      from: { kind: 'pip', package: 'awscli', version: AWSCLI },
    },
    {
      name: `botocore-${BOTOCORE}-py3-none-any.whl`,
      bytes: 16_884_815,
      checksum: {
        kind: 'sha256',
        hex: '76342a76c338701db80dcb8afe1c9bd079283d6fffbb9d881442abb02a215043',
      },
      from: { kind: 'pip', package: 'botocore', version: BOTOCORE },
    },
  ],
  async make([awscli, botocore], context) {
    const examples = await examplesOf(awscli, context)
    const latest = new Map<string, string>()
    const isModel = (path: string) => {
      const [, service] = MODEL.exec(path) ?? []
      return examples.has(service)
    }
    const corpora: MadeCorpus[] = []
    // Versions of a service's description are dates, and paths come in order: the last one stands.
    for await (const { path, text } of wheelTexts(botocore, isModel, context))
      latest.set(MODEL.exec(path)![1], text)
    for (const [service, text] of latest) {
      const corpus = corpusOf(service, modelSchema.parse(JSON.parse(text)), examples.get(service)!)
      if (corpus) corpora.push(corpus)
    }
    const about = {
      licence: LICENCE,
      source: `PyPI awscli ${AWSCLI} (example titles) and botocore ${BOTOCORE} (operation documentation)`,
    }
    return madeFamily(NAME, about, corpora)
  },
}

const EXAMPLE = /^awscli\/examples\/([^/]+)\/([^/]+)\.rst$/
const MODEL = /^botocore\/data\/([^/]+)\/[^/]+\/service-2\.json\.gz$/
const documented = z.string().catch('')
const modelSchema = z.object({
  metadata: z.object({ serviceFullName: documented }),
  documentation: documented,
  operations: z.record(z.string(), z.object({ documentation: documented })),
})

/** By service, then by command in order of its name: the titles of its examples. */
async function examplesOf(
  wheel: string,
  context: MakingContext,
): Promise<Map<string, Map<string, string[]>>> {
  const examples = new Map<string, Map<string, string[]>>()
  for await (const { path, text } of wheelTexts(wheel, (one) => EXAMPLE.test(one), context)) {
    const [, service, command] = EXAMPLE.exec(path)!
    const titles = [...text.matchAll(/^\*\*(?:Example \d+: )?(.+?)\*\*/gm)].slice(0, MOST_EXAMPLES)
    const commands = examples.get(service) ?? new Map<string, string[]>()
    commands.set(
      command,
      titles.map(([, title]) => title).filter((title) => title.length >= LEAST_TITLE),
    )
    examples.set(service, commands)
  }
  return examples
}

/** null where the service is too small. */
function corpusOf(
  service: string,
  model: z.output<typeof modelSchema>,
  examples: ReadonlyMap<string, readonly string[]>,
): MadeCorpus | null {
  const places = new Map<string, number>()
  const documents: string[] = []
  for (const [operation, { documentation }] of Object.entries(model.operations)) {
    const text = plainText(documentation)
    if (text === '') continue
    const command = commandName(operation)
    places.set(command, documents.length)
    documents.push(`${command.replaceAll('-', ' ')}: ${firstCharacters(text, LONGEST_DOCUMENT)}`)
  }
  const queries = [...examples].flatMap(([command, titles]) => {
    const document = places.get(command)
    return document === undefined
      ? []
      : titles.map((title) => ({ text: title.replace(/^[ :]+|[ :]+$/g, ''), document }))
  })
  if (documents.length < FEWEST_DOCUMENTS || queries.length < FEWEST_QUERIES) return null
  const name = model.metadata.serviceFullName
  const task = `Find the command of the AWS command line for ${name} that does what the query says.`
  return { name: service, card: madeCard(name, task, plainText(model.documentation)), documents, queries }
}

/** `CreateDBInstance` is `create-db-instance` on the command line. */
function commandName(operation: string): string {
  return operation
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}
