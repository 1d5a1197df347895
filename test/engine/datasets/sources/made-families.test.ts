import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import type { SourceFiles } from '../../../../src/main/engine/datasets/importing/dataset-layout'
import { findSource } from '../../../../src/main/engine/datasets/sources'
import { temporaryFolder } from '../../../temporary-folder'

const never = { signal: new AbortController().signal, onProgress() {} }
/** Enough of each for a corpus. */
const many = Array.from({ length: 40 }, (_, i) => i)

async function linesOf({ files }: SourceFiles, path: string): Promise<Record<string, string>[]> {
  const chunks: Buffer[] = []
  for await (const chunk of await files.get(path)!.open()) chunks.push(chunk)
  return Buffer.concat(chunks)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}
const corpora = ({ files }: SourceFiles) =>
  [...files.keys()].filter((path) => path.endsWith('/corpus.jsonl')).map((path) => path.split('/')[1])

async function tarball(entries: Readonly<Record<string, unknown>>): Promise<string> {
  const archive = pack()
  for (const [name, value] of Object.entries(entries))
    archive.entry({ name }, typeof value === 'string' ? value : JSON.stringify(value))
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  const path = join(await temporaryFolder(), 'published.tgz')
  writeFileSync(path, gzipSync(Buffer.concat(chunks)))
  return path
}

async function wheel(entries: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(await temporaryFolder(), 'published.whl')
  const files = Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)])
  writeFileSync(path, zipSync(Object.fromEntries(files)))
  return path
}

describe('openapi-operations', () => {
  /** @param asked operations whose summary is a query */
  const api = (title: string, asked: number) => ({
    info: { title, description: `<p>About [${title}](https://x)</p>  and more` },
    paths: Object.fromEntries(
      many.map((i) => [
        `/things/${i}`,
        {
          parameters: [],
          get: {
            summary: i < asked ? `Ask for number ${i}` : 'Shared by several',
            description: `Returns <b>what</b> is kept under the key ${i}, whatever that may be.`,
          },
        },
      ]),
    ),
  })
  const make = async (entries: Readonly<Record<string, unknown>>) =>
    findSource('openapi-operations').make!([await tarball(entries)], never)

  it('takes of each provider the API with the most queries', async () => {
    const family = await make({
      'package/LICENSE': 'text',
      'package/api/_index.js': 'text',
      'package/api/b.com/small.json': api('Small', 20),
      'package/api/b.com/large.json': api('Large', 30),
      'package/api/a.com.json': api('Alone', 16),
      'package/api/few.com.json': api('Few', 14),
      'package/api/azure.com/x.json': api('Another family', 30),
      'package/api/broken.com.json': '{',
    })
    expect(corpora(family).toSorted()).toEqual(['a.com', 'b.com'])
    const [card] = await linesOf(family, 'openapi-operations/b.com/card.json')
    expect(card).toEqual({
      name: 'Large',
      description: 'Find the operation of the Large that does what the query says. About Large and more',
    })
    const documents = await linesOf(family, 'openapi-operations/b.com/corpus.jsonl')
    expect(documents).toHaveLength(40)
    expect(documents[3].text).toBe(
      'GET /things/3: Returns what is kept under the key 3, whatever that may be.',
    )
    // A summary of several operations asks for none of them.
    expect(await linesOf(family, 'openapi-operations/b.com/queries.jsonl')).toHaveLength(30)
  })

  it('refuses a tarball that breaks off', async () => {
    const path = join(await temporaryFolder(), 'half.tgz')
    writeFileSync(path, gzipSync(Buffer.alloc(4096, 'x')).subarray(0, 20))
    await expect(findSource('openapi-operations').make!([path], never)).rejects.toMatchObject({
      code: 'FILE_INVALID',
    })
  })
})

describe('aws-commands', () => {
  it('has the newest description of a service, and of each command up to three examples', async () => {
    const model = (documentation: string) => ({
      metadata: { serviceFullName: 'Amazon Things' },
      documentation: '<p>Keeps things.</p>',
      operations: Object.fromEntries(
        many.map((i) => [`CreateDB${'ABCDEFGHIJ'[i % 10]}thing${i}`, { documentation }]),
      ),
    })
    const examples = many.slice(0, 20).map((i) => {
      const titles = many
        .slice(0, 5)
        .map((n) => `**Example ${n + 1}: To create number ${n} of ${i}**\n\ntext\n`)
      return [`awscli/examples/things/create-db-${'abcdefghij'[i % 10]}thing${i}.rst`, titles.join('')]
    })
    const awscli = await wheel({
      ...Object.fromEntries(examples),
      'awscli/examples/things/absent.rst': '**Not there**',
    })
    const botocore = await wheel({
      'botocore/data/things/2020-01-01/service-2.json.gz': gzipSync(JSON.stringify(model('old'))),
      'botocore/data/things/2024-01-01/service-2.json.gz': gzipSync(JSON.stringify(model('<p>new</p>'))),
      'botocore/data/others/2024-01-01/service-2.json.gz': gzipSync(JSON.stringify(model('else'))),
    })
    const family = await findSource('aws-commands').make!([awscli, botocore], never)
    expect(corpora(family)).toEqual(['things'])
    const documents = await linesOf(family, 'aws-commands/things/corpus.jsonl')
    expect(documents[0].text).toBe('create db athing0: new')
    const queries = await linesOf(family, 'aws-commands/things/queries.jsonl')
    expect(queries).toHaveLength(60)
    expect(queries[0].text).toMatch(/^To create number 0 of \d+$/)
    const [card] = await linesOf(family, 'aws-commands/things/card.json')
    expect(card.description).toMatch(/for Amazon Things that does what the query says\. Keeps things\.$/)
  })
})

describe('azure-commands', () => {
  it('gathers the help of a module, whatever folder it lies in, each command once', async () => {
    const help = (command: string, example: string) =>
      `helps['${command}'] = """\ntype: command\nshort-summary: Do ${command}.\nexamples:\n  - name: ${example}\n    text: az x\n"""\n`
    const written = many.map((i) => help(`thing do${i}`, `Somebody does number ${i}`)).join('')
    const family = await findSource('azure-commands').make!(
      [
        await wheel({
          'azure/cli/command_modules/thing/_help.py': `${written}helps['thing'] = """\ntype: group\n"""\n`,
          'azure/cli/command_modules/thing/_legacy/_help.py':
            help('thing do1', 'Somebody does it again') +
            help('thing more', 'Do thing more.') +
            help('thing auto', 'Does it (autogenerated)'),
          'azure/cli/command_modules/small/_help.py': help('small do', 'Somebody does this'),
        }),
      ],
      never,
    )
    expect(corpora(family)).toEqual(['thing'])
    const documents = await linesOf(family, 'azure-commands/thing/corpus.jsonl')
    expect(documents).toHaveLength(42)
    expect(documents[0].text).toBe('thing do0: Do thing do0.')
    const queries = (await linesOf(family, 'azure-commands/thing/queries.jsonl')).map(({ text }) => text)
    expect(queries).toHaveLength(40)
    expect(queries).toContain('Somebody does it again')
  })
})
