import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeNpyArray } from '../../formats/npy'
import { writeZip } from '../../formats/zip-archive'
import { headMetadata, headTensors } from '../head-file'
import { readNpzArrays } from '../running/read-arrays'
import { runArrays } from '../running/run-arrays'
import { arraySnippet } from './array-snippet'
import { defineFormat } from './export-format'

export const npz = defineFormat({
  name: 'npz',
  title: 'NumPy archive',
  summary: 'The same arrays for `numpy.load`, where there is no safetensors.',
  citation: 'Harris et al., Array programming with NumPy, Nature 2020',
  options: z.strictObject({}),
  create(material) {
    const { heads, origin } = material
    const file = `${material.name}.npz`
    return {
      main: file,
      library: 'numpy',
      contents: [
        `\`${file}\`: the head. Its array \`metadata\` is JSON: \`json.loads(bytes(head["metadata"]))\` has the formula, the card and the encoder’s sha256.`,
      ],
      usage: [
        {
          language: 'python',
          about: 'Query vectors through the head: `pip install numpy`.',
          code: arraySnippet(material, [], `np.load("${file}")`),
        },
      ],
      async write(folder) {
        const arrays = Object.entries(headTensors(heads)).map(
          ([name, { shape, data }]) => [`${name}.npy`, writeNpyArray(shape, data)] as const,
        )
        const metadata = Buffer.from(JSON.stringify(headMetadata(heads, origin)))
        const bytes = Uint8Array.from(metadata)
        const entries = new Map([...arrays, ['metadata.npy', writeNpyArray([bytes.length], bytes)]])
        await writeFile(join(folder, file), writeZip(entries, { compressed: false }))
      },
      run: async (folder) => [await runArrays(material, { folder, file, part: 'head', read: readNpzArrays })],
    }
  },
})
