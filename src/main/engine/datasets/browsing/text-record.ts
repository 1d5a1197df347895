/** A document or a query as its line says it. */
export interface TextRecord {
  readonly id: string
  readonly title: string
  readonly text: string
}

const PLAIN_ID = /^\{\s*"_id"\s*:\s*"([^"\\]*)"/

/** A line of corpus.jsonl or queries.jsonl of the workspace, which its import has checked. */
export function parseTextRecord(line: string): TextRecord {
  const { _id, title, text } = JSON.parse(line) as { _id: string; title?: string | null; text: string }
  return { id: _id, title: title?.trim() ?? '', text }
}

/** The id of a line without reading the rest of it, where it stands first, as it does in nearly every file. */
export function lineId(line: string): string {
  return PLAIN_ID.exec(line)?.[1] ?? parseTextRecord(line).id
}
