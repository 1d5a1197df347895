import { createHash } from 'node:crypto'
import type { Metadata } from './index-engine'

export interface IndexedDocument {
  readonly id: string
  /** As it is encoded. */
  readonly text: string
  readonly metadata: Metadata
}

/** 128 bits as 32 hexadecimal digits, of all that decides a document's row. @param fingerprint of the encoder */
export function rowKey(fingerprint: string, { id, text, metadata }: IndexedDocument): string {
  const fields = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, id, text, fields]))
    .digest('hex')
    .slice(0, 32)
}
