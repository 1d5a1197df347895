import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { defineIndexEngine } from '../index-engine'
import { memoryStore } from '../memory/memory-store'

const options = z.strictObject({
  heldMegabytes: z
    .number()
    .int()
    .min(0)
    .default(2048)
    .describe('vectors that stay in memory between searches; what is beyond is read from the disk each time'),
  threads: z.number().int().min(0).max(256).default(0).describe('threads of a search; 0: all that there are'),
})

/** Every inner product of every query, by ONNX Runtime's matrix product and top-k over blocks of float32 vectors. */
export const memory = defineIndexEngine({
  name: 'memory',
  title: 'Files of this workspace, searched exactly',
  summary:
    'Float32 vectors on disk, streamed through ONNX Runtime in blocks: exact, nothing to install, and of the memory that is said. Its time grows with the documents.',
  citation: 'Johnson, Douze and Jégou, Billion-scale similarity search with GPUs, 2017 (its flat index)',
  options,
  client: null,
  async open({ folder }, { heldMegabytes, threads }) {
    return memoryStore(folder, {
      heldBytes: heldMegabytes * 2 ** 20,
      threads: threads || availableParallelism(),
    })
  },
})
