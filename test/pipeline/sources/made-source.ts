import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PublishedFile, SourceSpec } from '../../../src/main/engine/datasets/sources/source-spec'

/** A source of one published file with the content given. */
export function madeSource(
  content: Uint8Array,
  from: PublishedFile['from'] = { kind: 'beir', path: 'small.zip' },
  change: Partial<SourceSpec> = {},
): SourceSpec {
  const checksum = { kind: 'md5', hex: createHash('md5').update(content).digest('hex') } as const
  return {
    name: 'made/small',
    title: 'Small',
    summary: 'Made for a test.',
    citation: 'Nobody, 2026',
    options: z.strictObject({}),
    id: 'small',
    licence: 'CC0-1.0',
    version: '1',
    files: [{ name: 'small.zip', bytes: content.length, checksum, from }],
    ...change,
  }
}
