import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join, relative } from 'node:path'
import { throwIfCancelled } from '../../../shared/errors'
import { type Certificate, certificateOf, certifyParts } from './certificate'
import type { ExportMaterial } from './export-material'
import { type ExportBackground, exportReadme } from './export-readme'
import type { ExportFormat, ExportPlan } from './formats/export-format'
import { ONNX_RUNTIME } from './running/run-onnx'

interface ExportAbout {
  readonly background: ExportBackground
  /** Version of the workbench. */
  readonly version: string
  readonly now: Date
  readonly signal?: AbortSignal
}

/**
 * Fills an empty folder with an export: its files, then what running them gave (certificate.json), and a README.
 * @throws EXPORT_DIFFERS where what was run is not the engine's head; the folder is then the caller's to remove
 */
export async function writeExport(
  material: ExportMaterial,
  { format, plan }: { readonly format: Pick<ExportFormat, 'name' | 'title'>; readonly plan: ExportPlan },
  { background, version, now, signal }: ExportAbout,
  folder: string,
): Promise<Certificate> {
  await plan.write(folder)
  throwIfCancelled(signal)
  const parts = certifyParts(material, await plan.run(folder, signal))
  const made = {
    format: format.name,
    createdAt: now.toISOString(),
    versions: { 'hydra-workbench': version, node: process.version, onnxruntime: ONNX_RUNTIME },
    machine: `${platform()} ${arch()}`,
    parts,
    elsewhere: plan.elsewhere,
  }
  const said = certificateOf(material, { ...made, files: {} })
  await writeFile(join(folder, 'README.md'), exportReadme(material, { format, plan }, background, said))
  const certificate = { ...said, files: await hashFiles(folder) }
  await writeFile(join(folder, 'certificate.json'), `${JSON.stringify(certificate, null, 2)}\n`)
  return certificate
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
