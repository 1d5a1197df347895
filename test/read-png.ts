import { readFileSync } from 'node:fs'

/** Size of a picture, pixels: of its first chunk, IHDR (PNG, 11.2.2). */
export function readPng(file: string): { width: number; height: number } {
  const bytes = readFileSync(file)
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') throw new Error(`${file} is no PNG`)
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}
