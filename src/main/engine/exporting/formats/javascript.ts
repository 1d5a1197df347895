import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ResolvedModel } from '../../encoders/model-folder'
import { serviceName } from '../../encoders/remote/remote-record'
import type { ExportMaterial } from '../export-material'
import { headMetadata, headTensors } from '../head-file'
import { runModule } from '../running/run-module'
import { defineFormat, type Snippet } from './export-format'
import TEMPLATE from './head-module.mjs?raw'

const FILE = 'head.mjs'

export const javascript = defineFormat({
  name: 'javascript',
  title: 'JavaScript module',
  summary:
    'One ES module without dependencies, weights included, for browsers and Node: behind transformers.js or any other encoder.',
  citation: 'ECMA-262, ECMAScript language specification, 2015',
  options: z.strictObject({}),
  create(material) {
    const { heads, origin, probes } = material
    return {
      main: FILE,
      library: 'transformers.js',
      contents: [
        `\`${FILE}\`: \`adaptQuery(vector)\`, \`adaptDocument(vector)\` and \`metadata\`; the weights stand in it.`,
      ],
      usage: [
        material.encoder.kind === 'remote'
          ? vectorsSnippet(serviceName(material.encoder.record))
          : material.encoder.runner?.by === 'transformers.js'
            ? vectorsSnippet(material.encoder.id)
            : transformersSnippet(material, material.encoder),
      ],
      async write(folder) {
        const arrays = Object.entries(headTensors(heads)).map(([name, { data }]) => {
          const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
          return [name, bytes.toString('base64')]
        })
        const parts: Readonly<Record<string, object>> = {
          __METADATA__: headMetadata(heads, origin),
          __ARRAYS__: Object.fromEntries(arrays),
        }
        // A function, since `$&` in a card would mean something in a replacement.
        const text = TEMPLATE.replace(/__[A-Z]+__/g, (name) => JSON.stringify(parts[name], null, 2))
        await writeFile(join(folder, FILE), text)
      },
      async run(folder) {
        const through = (name: string, vectors: typeof probes.vectors) =>
          runModule(join(folder, FILE), name, vectors)
        return [
          {
            part: 'head',
            file: FILE,
            by: `Node ${process.version}, in a thread of its own`,
            queries: await through('adaptQuery', probes.vectors),
            documents: heads.documents ? await through('adaptDocument', probes.documents.vectors) : null,
          },
        ]
      },
    }
  },
})

/** Behind a service, or a graph that the pipeline of the other snippet does not read: whatever encodes, its vectors go through the head. */
function vectorsSnippet(encoder: string): Snippet {
  return {
    language: 'javascript',
    about: `Vectors of queries, as ${encoder} gives them, through the head.`,
    code: [
      `import { adaptQuery } from './${FILE}'`,
      '',
      '/** @param vectors arrays of numbers, one for each query */',
      'export const adapt = (vectors) => vectors.map((vector) => adaptQuery(Float32Array.from(vector)))',
      '// Ask your index for these.',
    ].join('\n'),
  }
}

function transformersSnippet({ encoderOrigin, origin }: ExportMaterial, encoder: ResolvedModel): Snippet {
  const text = encoder.prefixes.query ? `${JSON.stringify(encoder.prefixes.query)} + text` : 'text'
  return {
    language: 'javascript',
    about: `Texts through transformers.js and the head: \`npm install @huggingface/transformers\`. It runs what it finds under the encoder’s name on the hub; the same vectors come of the same weights, sha256 ${origin.encoderSha256.slice(0, 12)}….`,
    code: [
      "import { pipeline } from '@huggingface/transformers'",
      `import { adaptQuery } from './${FILE}'`,
      '',
      `const encode = await pipeline('feature-extraction', ${JSON.stringify(encoderOrigin.hub)}, { dtype: '${encoder.dtype === 'int8' ? 'q8' : 'fp32'}' })`,
      `const options = { pooling: '${encoder.pooling === 'last' ? 'last_token' : encoder.pooling}', normalize: true }`,
      'const vectors = []',
      "for (const text of ['leaves of the oak', 'wood for boats']) {",
      `  const { data } = await encode(${text}, options)`,
      '  vectors.push(adaptQuery(data))',
      '}',
      '// Ask your index for these.',
    ].join('\n'),
  }
}
