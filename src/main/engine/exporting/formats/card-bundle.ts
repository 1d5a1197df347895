import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { defineFormat } from './export-format'
import { safetensors } from './safetensors'

export const cardBundle = defineFormat({
  name: 'card-bundle',
  title: 'Card bundle',
  summary:
    'One zip with the card, its head, the README and the certificate: what to attach, to archive and to compile again.',
  citation: 'Mitchell et al., Model cards for model reporting, FAT* 2019',
  options: z.strictObject({}),
  zipped: true,
  async create(material) {
    const head = await safetensors.create(material, {})
    return {
      ...head,
      contents: [
        '`card.json`: the task card, as `hydra export RUN --card card.json` takes it.',
        ...head.contents,
      ],
      async write(folder) {
        await head.write(folder)
        await writeFile(join(folder, 'card.json'), `${JSON.stringify(material.origin.card, null, 2)}\n`)
      },
    }
  },
})
