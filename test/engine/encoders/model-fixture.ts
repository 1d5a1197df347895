import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readSafetensors } from '../../../src/main/engine/formats/safetensors'
import type { Matrix } from '../../../src/main/engine/numeric/matrix'

const fixtures = resolve(import.meta.dirname, '../../fixtures/encoders')
/** test/oracle/encoders_tiny.py: width 32, mean pooling, 24 tokens. */
export const tinyBert = join(fixtures, 'tiny-bert')
/** test/oracle/encoders_odd.py: width 16, 24 tokens. */
export const oddModel = (name: 'half' | 'pooled' | 'cached' | 'words' | 'pairs') =>
  join(fixtures, 'odd', name)
/** test/oracle/encoders_static.py: 48 dimensions. */
export const tinyStatic = join(fixtures, 'tiny-static')

/** A copy of a model folder that a test may change. */
export async function copyModel(model: string, target: string): Promise<string> {
  await cp(model, target, { recursive: true, filter: (path) => !path.includes('reference-') })
  return target
}

/** Members of a JSON file of a folder replaced; the file is made where there is none. */
export async function setJson(folder: string, file: string, members: object): Promise<void> {
  const path = join(folder, file)
  const before = await readFile(path, 'utf8').then(JSON.parse, () => ({}))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, JSON.stringify(Array.isArray(members) ? members : { ...before, ...members }))
}

/** Texts and vectors that the script in test/oracle made beside the model. */
export async function readReference(model: string) {
  const about = JSON.parse(await readFile(join(model, 'reference-texts.json'), 'utf8'))
  const { tensors } = readSafetensors(await readFile(join(model, 'reference-vectors.safetensors')))
  const vectors = (name: string): Matrix => {
    const { shape, data } = tensors[name]
    return { rows: shape[0], columns: shape[1], data: data as Float32Array }
  }
  return { texts: about.texts as string[], prefixes: about.prefixes as Record<string, string>, vectors }
}
