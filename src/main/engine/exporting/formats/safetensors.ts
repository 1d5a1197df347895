import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { encodeHead } from '../head-file'
import { readSafetensorsArrays } from '../running/read-arrays'
import { runArrays } from '../running/run-arrays'
import { arraySnippet } from './array-snippet'
import { defineFormat } from './export-format'

export const safetensors = defineFormat({
  name: 'safetensors',
  title: 'safetensors',
  summary:
    'W, b and what else the head has, with their formula: for any language, and to be opened again here. The smallest export, and the one to keep.',
  citation: 'Hugging Face, safetensors: simple, safe way to store tensors, 2022',
  options: z.strictObject({}),
  create(material) {
    const file = `${material.name}.safetensors`
    return {
      main: file,
      library: 'safetensors',
      contents: [`\`${file}\`: the head. Its metadata holds the formula, the card and the encoder’s sha256.`],
      usage: [
        {
          language: 'python',
          about: 'Query vectors through the head: `pip install numpy safetensors`.',
          code: arraySnippet(material, ['from safetensors.numpy import load_file'], `load_file("${file}")`),
        },
      ],
      write: (folder) => writeFile(join(folder, file), encodeHead(material.heads, material.origin)),
      run: async (folder) => [
        await runArrays(material, { folder, file, part: 'head', read: readSafetensorsArrays }),
      ],
    }
  },
})
