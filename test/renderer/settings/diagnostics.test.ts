import { describe, expect, it } from 'vitest'
import { diagnostics } from '../../../src/renderer/settings/diagnostics'
import { runsOfModel } from '../../../src/renderer/settings/runs-of-model'
import { madeSummary } from '../../made-summary'

describe('diagnostics', () => {
  const backend = { title: '', command: null, found: false, chosen: false, millisecondsPerStep: null }
  const text = diagnostics(
    {
      version: '0.2.0',
      host: 'web',
      workspace: '/home/ada lovelace/secret/ws',
      machine: { cpu: 'Fast', cores: 2, memoryBytes: 8e9, platform: 'linux-x64', node: 'v20' },
      backends: [
        {
          ...backend,
          id: 'tfjs-node',
          refusal: 'no-library' as const,
          reason: 'cannot load /home/ada/node_modules/tfjs/x.node: wrong ELF',
        },
        { ...backend, id: 'wasm', found: true, chosen: true, refusal: null, reason: 'embedded' },
        {
          ...backend,
          id: 'cpu',
          refusal: 'does-not-start' as const,
          reason: 'C:\\Users\\ada\\x.dll is missing',
        },
      ],
      measured: null,
      providers: [],
      encoder: { id: 'mini', ok: true, detail: '', bytes: 1 },
      cache: { vectorBytes: 0, files: 0 },
      models: [],
      keys: [],
      recovered: ['a run'],
    },
    [
      {
        ...{
          id: 'org/own',
          origin: 'workspace',
          use: 'encoder',
          folder: '/home/ada/ws/models/own',
          bytes: 5e6,
        },
        ...{ from: '/home/ada/downloads/own.zip', licence: null, runner: null, settings: null },
        problem: 'FILE_MISSING at /home/ada/ws/models/own/tokenizer.json: a file is not there',
      },
    ],
    [],
    'Firefox',
  )

  it('say versions, platform, backends with reasons, and models', () => {
    for (const said of ['0.2.0', 'linux-x64', 'Node v20', 'wasm: chosen', 'wrong ELF', 'org/own', 'Firefox'])
      expect(text).toContain(said)
  })

  it('hold no path and so no name of a person', () => {
    expect(text).not.toContain('ada')
    expect(text).not.toContain('token=')
  })
})

describe('the runs of a model', () => {
  it('are those that named it, with whatever weights and options', () => {
    const run = (id: string) => madeSummary({ id, encoder: { id, sha256: '' } })
    const runs = ['org/own', 'org/own:fp32', 'org/own?cut=256', 'org/owner', 'own'].map(run)
    expect(runsOfModel(runs, 'org/own').map(({ id }) => id)).toEqual([
      'org/own',
      'org/own:fp32',
      'org/own?cut=256',
    ])
  })
})
