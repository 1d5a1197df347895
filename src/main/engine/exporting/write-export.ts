import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join, relative } from 'node:path'
import { throwIfCancelled } from '../../../shared/errors'
import {
  type Certificate,
  type CertifiedPart,
  certificateOf,
  certifyParts,
  type MadeFacts,
  type Proved,
} from './certificate'
import type { ExportMaterial } from './export-material'
import { type ExportBackground, exportReadme } from './export-readme'
import type { ExportFormat, ExportPlan } from './formats/export-format'
import { ONNX_RUNTIME } from './running/run-onnx'

export interface ExportAbout {
  readonly background: ExportBackground
  /** Version of the workbench. */
  readonly version: string
  readonly now: Date
  readonly signal?: AbortSignal
}

/** An export as it is proved, whatever leaves in it. */
export interface ProvableExport<Said extends Proved> {
  readonly format: Pick<ExportFormat, 'name'>
  readonly plan: Pick<ExportPlan, 'write' | 'elsewhere'>
  /** Runs what lies in the folder. @throws EXPORT_DIFFERS where it is not the engine's */
  prove(folder: string): Promise<readonly CertifiedPart[]>
  certificate(made: MadeFacts): Said
  readme(certificate: Said): string
}

/**
 * Fills an empty folder with an export: its files, then what running them gave (certificate.json), and a README.
 * @throws EXPORT_DIFFERS where what was run is not the engine's; the folder is then the caller's to remove
 */
export async function writeProved<Said extends Proved>(
  { format, plan, prove, certificate: sayOf, readme }: ProvableExport<Said>,
  { version, now, signal }: Omit<ExportAbout, 'background'>,
  folder: string,
): Promise<Said> {
  await plan.write(folder)
  throwIfCancelled(signal)
  const said = sayOf({
    format: format.name,
    createdAt: now.toISOString(),
    versions: { 'hydra-workbench': version, node: process.version, onnxruntime: ONNX_RUNTIME },
    machine: `${platform()} ${arch()}`,
    parts: [...(await prove(folder))],
    elsewhere: plan.elsewhere,
    files: {},
  })
  await writeFile(join(folder, 'README.md'), readme(said))
  const certificate = { ...said, files: await hashFiles(folder) }
  await writeFile(join(folder, 'certificate.json'), `${JSON.stringify(certificate, null, 2)}\n`)
  return certificate
}

/** A card's head. */
export function writeExport(
  material: ExportMaterial,
  { format, plan }: { readonly format: Pick<ExportFormat, 'name' | 'title'>; readonly plan: ExportPlan },
  { background, ...about }: ExportAbout,
  folder: string,
): Promise<Certificate> {
  return writeProved(
    {
      format,
      plan,
      prove: async (filled) => certifyParts(material, await plan.run(filled, about.signal)),
      certificate: (made) => certificateOf(material, made),
      readme: (said) => exportReadme(material, { format, plan }, background, said),
    },
    about,
    folder,
  )
}

/** Bytes and sha256 of every file of a folder, by path, in order. */
async function hashFiles(folder: string): Promise<Certificate['files']> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
  const files: Certificate['files'] = {}
  for (const path of paths) {
    const bytes = await readFile(join(folder, path))
    files[path] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  return files
}
