import { createReadStream } from 'node:fs'
import { workspacePaths } from '../../workspace/paths'

/** Takes events.jsonl by the chunk. */
interface ChunkReader {
  push(chunk: Buffer): void
  end(): void
}

/** Feeds the events of a run to a reader by the megabyte: whoever else asks this process for something waits for one of them at most. */
export async function streamEvents(workspace: string, run: string, reader: ChunkReader): Promise<void> {
  const { events } = workspacePaths(workspace).run(run)
  for await (const chunk of createReadStream(events, { highWaterMark: 2 ** 20 })) reader.push(chunk)
  reader.end()
}
