import type { RunDraft } from '../src/main/workspace/runs/run-folder'
import { trainRequestSchema } from '../src/shared/schemas/run'

/** A run as a service would begin it. */
export function runDraft(change: Partial<RunDraft> = {}): RunDraft {
  return {
    kind: 'train',
    title: 'Train on scifact',
    request: { ...trainRequestSchema.parse({ tasks: ['scifact'], seed: 7 }), splitSeed: 7 },
    recipe: null,
    datasets: [{ id: 'scifact', sha256: 'a'.repeat(64) }],
    seen: [],
    unseen: [],
    encoder: { id: 'all-MiniLM-L6-v2', sha256: 'b'.repeat(64) },
    backend: null,
    machine: { cpu: 'test', cores: 2, platform: 'linux-x64', node: 'v20.0.0' },
    app: '0.1.0',
    companion: null,
    ...change,
  }
}
