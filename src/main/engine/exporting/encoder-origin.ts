import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { SOURCE_FILE } from '../encoders/model-checksums'
import { readOptionalJson } from '../encoders/model-files'
import { parseModelName } from '../encoders/model-name'
import type { ResolvedEncoder } from '../encoders/remote/resolve-encoder'

/** What an encoder's folder says of where it came from. */
export interface EncoderOrigin {
  /** As its authors call it: what sentence-transformers loads. */
  readonly model: string
  /** Where its ONNX graph was published: what transformers.js loads. Of a service its address. */
  readonly hub: string
  /** null: its files do not say. */
  readonly licence: string | null
}

const sourceSchema = z.object({
  model: z.string().optional(),
  hub: z.string().optional(),
  licence: z.string().optional(),
  license: z.string().optional(),
})

export async function readEncoderOrigin(encoder: ResolvedEncoder): Promise<EncoderOrigin> {
  const { id, folder } = encoder
  if (encoder.kind === 'remote') {
    const { model, url } = encoder.record
    return { model: model ?? parseModelName(id).place, hub: url, licence: null }
  }
  const source = await readOptionalJson(join(folder, SOURCE_FILE), sourceSchema)
  const { place } = parseModelName(id)
  return {
    model: source?.model ?? place,
    hub: source?.hub ?? place,
    licence: source?.licence ?? source?.license ?? (await licenceOfCard(folder)),
  }
}

/** `license:` in the front matter of a model's card. */
async function licenceOfCard(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '')
  const [, matter = ''] = /^---\n([\s\S]*?)\n---/.exec(text) ?? []
  return /^license: *['"]?([^'"\n]+)/m.exec(matter)?.[1].trim() ?? null
}
