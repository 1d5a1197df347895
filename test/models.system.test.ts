import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { decodeHead } from '../src/main/engine/exporting/head-file'
import type { CommandGroup } from '../src/main/hosts/terminal/arguments/command'
import { root } from '../src/main/hosts/terminal/commands/root'
import { commandLine, runHere, runProcess } from './command-line'
import { smallDataset, writeFolder } from './engine/datasets/small-dataset'
import { type HubServer, startHub } from './engine/encoders/hub-server'
import { copyModel, oddModel, tinyBert, tinyStatic } from './engine/encoders/model-fixture'
import { startEmbeddingServer, WIDTH } from './engine/encoders/remote/embedding-server'
import { readNpy } from './read-npy'
import { temporaryFolder } from './temporary-folder'

/** The command line with encoders of other widths than the one that comes along. */
const TOKEN = 'hf_mysecret'

/** One network is enough where an encoder is in question. */
const ROWS = ['--rows', 'frozen,task card'] as const

function commands(workspace: string, hub?: HubServer) {
  return commandLine(workspace, async (words) => {
    // Workers read where the hub is from the process's environment.
    const answer = await (hub
      ? runProcess(words, { HF_ENDPOINT: hub.endpoint, HF_TOKEN: TOKEN })
      : runHere(words))
    expect(answer.stdout + answer.stderr).not.toContain(TOKEN)
    return answer
  })
}

/** Commands that open no encoder, the bundled one, or one for a query and a card alone. */
const FEW_TEXTS = [
  'demo',
  'doctor',
  'export',
  'compare',
  'import-run',
  'list',
  'report',
  'reproduce',
  ...['export', 'history', 'import', 'list', 'remove', 'restore', 'show', 'validate'].map(
    (one) => `cards ${one}`,
  ),
  ...['delete', 'import', 'list', 'show'].map((one) => `datasets ${one}`),
  ...['drop', 'search', 'status'].map((one) => `index ${one}`),
  ...['remove', 'set'].map((one) => `keys ${one}`),
  ...['add', 'list', 'remove', 'show'].map((one) => `models ${one}`),
  ...['archive', 'cancel', 'delete', 'list', 'note', 'pause', 'rename', 'restore', 'show', 'tag'].map(
    (one) => `runs ${one}`,
  ),
]

/** The words of every command. */
function commandsOf(group: CommandGroup, before = ''): string[] {
  return Object.entries(group.commands).flatMap(([name, node]) =>
    'commands' in node ? commandsOf(node, `${before}${name} `) : [before + name],
  )
}

async function importSmall(workspace: string, json: ReturnType<typeof commands>['json']): Promise<void> {
  await json('datasets', 'import', writeFolder(join(workspace, '..', 'small'), smallDataset()))
}

describe('an encoder of width 32 from the hub', { timeout: 240_000 }, () => {
  let folder: string
  let workspace: string
  let run: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-models-'))
    workspace = join(folder, 'workspace')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is added, with a connection that breaks and a token that nobody sees', async () => {
    const hub = await startHub('org/tiny', tinyBert, { token: TOKEN, cutAfter: 30_000, cuts: 1 })
    const { json, refusal } = commands(workspace, hub)
    const added = await json('models', 'add', 'org/tiny')
    expect(added).toMatchObject({ id: 'org/tiny', origin: 'workspace', settings: { dimensions: 32 } })
    expect(await refusal('models', 'add', 'org/tiny')).toBe('MODEL_EXISTS')
    const { stdout } = await commands(workspace).hydra('models', 'list')
    expect(stdout).toMatch(/all-MiniLM-L6-v2 +transformer +384 /)
    expect(stdout).toMatch(/org\/tiny +transformer +32 +24 +mean +fp32/)
  })

  it('is trained on', async () => {
    const { json } = commands(workspace)
    await importSmall(workspace, json)
    run = (await json('train', '--tasks', 'small', '--encoder', 'org/tiny', '--steps', '4', ...ROWS)).run
    const record = JSON.parse(await readFile(join(workspace, 'runs', run, 'run.json'), 'utf8'))
    expect(record.encoder.id).toBe('org/tiny')
  })

  it('gives heads of its width, which apply and search use', async () => {
    const { json } = commands(workspace)
    const heads = join(folder, 'heads')
    const { file } = await json('export', run, '--task', 'small', '--format', 'safetensors', '--out', heads)
    const { head } = decodeHead(await readFile(file), file)
    expect([head.weight.rows, head.weight.columns, head.bias.length]).toEqual([32, 32, 32])
    const texts = join(folder, 'texts.txt')
    await writeFile(texts, 'the oak\nold boats\n')
    const applied = await json('apply', file, '--texts', texts, '--out', join(folder, 'out.npy'))
    expect(applied).toMatchObject({ rows: 2, columns: 32 })
    expect(applied.parity).toBeLessThan(1e-5)
    expect(readNpy(await readFile(join(folder, 'out.npy'))).columns).toBe(32)
    const searched = await json('search', run, '--query', 'boats', '--describe', 'find the ship')
    expect(searched.conditioned).toHaveLength(4)
  })

  it('is removed, and what was made with it says so', async () => {
    const { json, refusal } = commands(workspace)
    expect((await json('models', 'remove', 'org/tiny')).runs).toEqual([run])
    expect(await refusal('search', run, '--query', 'boats', '--describe', 'x')).toBe('MODEL_MISSING')
  })
})

describe('options in the name of an encoder', { timeout: 240_000 }, () => {
  it('decide how texts are encoded, and stand in the record', async () => {
    const workspace = join(await temporaryFolder(), 'workspace')
    const { json, refusal } = commands(workspace)
    await importSmall(workspace, json)
    await json('models', 'add', tinyBert, '--id', 'tiny')
    const runner = { by: 'transformers.js', why: expect.stringContaining('sentence_embedding') }
    expect(await json('models', 'add', oddModel('pooled'))).toMatchObject({ runner })
    for (const [name, id] of [
      ['tiny?cut=12&query=find this: &pooling=cls', 'tiny?pooling=cls&cut=12&query=find this:%20'],
      [tinyStatic, tinyStatic],
      ['pooled', 'pooled'],
    ]) {
      const verdict = await json('evaluate', '--frozen', '--tasks', 'small', '--encoder', name)
      const record = JSON.parse(await readFile(join(workspace, 'runs', verdict.run, 'run.json'), 'utf8'))
      expect(record.encoder.id).toBe(id)
      expect(verdict.rows[0]).toMatchObject({ row: 'frozen', n: 2 })
      // Scored again it is the same encoder, found by the name in run.json.
      expect((await json('evaluate', verdict.run)).rows[0].mean).toEqual(verdict.rows[0].mean)
    }
    expect(await refusal('evaluate', '--frozen', '--tasks', 'small', '--encoder', 'tiny?cut=33')).toBe(
      'MODEL_UNSUPPORTED',
    )
    expect(await refusal('models', 'add', 'org/name?cut=3')).toBe('USAGE')
    expect(await refusal('models', 'add', tinyBert, '--id', '../out')).toBe('USAGE')
  })

  it('end what is assumed of it, which the record and `models show` say until then', async () => {
    const workspace = join(await temporaryFolder(), 'workspace')
    const { json, hydra: run } = commands(workspace)
    await importSmall(workspace, json)
    const bare = await copyModel(tinyBert, join(workspace, '..', 'bare'))
    for (const part of ['modules.json', '1_Pooling']) await rm(join(bare, part), { recursive: true })
    const { settings } = await json('models', 'add', bare, '--id', 'bare')
    expect(settings.assumed).toMatchObject([{ option: 'pooling' }])
    expect((await run('models', 'show', 'bare')).stdout).toContain('bare?pooling=')
    for (const [name, count] of [
      ['bare', 1],
      ['bare?pooling=mean', 0],
    ] as const) {
      const verdict = await json('evaluate', '--frozen', '--tasks', 'small', '--encoder', name)
      const record = JSON.parse(await readFile(join(workspace, 'runs', verdict.run, 'run.json'), 'utf8'))
      expect(record.notes.filter((note: string) => note.startsWith('Assumed'))).toHaveLength(count)
    }
  })
})

describe('a service that encodes', { timeout: 240_000 }, () => {
  it('is added, agreed to, trained on and named by the export, and its key is nowhere', async () => {
    const folder = await temporaryFolder()
    const workspace = join(folder, 'workspace')
    const { json, refusal, hydra } = commandLine(workspace)
    const key = 'sk-a-key-of-the-test'
    vi.stubEnv('TEST_SERVICE_KEY', key)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { url, asked } = await startEmbeddingServer()
    await importSmall(workspace, json)
    const source = [
      url,
      '--model',
      'made',
      '--key-env',
      'TEST_SERVICE_KEY',
      '--price-per-million-tokens',
      '2',
    ]
    const added = await json('models', 'add', ...source, '--id', 'served')
    expect(added.settings).toMatchObject({
      kind: 'remote',
      dimensions: WIDTH,
      service: { model: 'made', price: 2 },
    })
    expect((await hydra('models', 'list')).stdout).toMatch(/served +remote +6 /)
    const encoder = ['--encoder', 'served']
    const before = asked.length
    expect(await refusal('datasets', 'lint', 'small', ...encoder)).toBe('USAGE')
    expect(asked).toHaveLength(before)
    const { stderr } = await hydra('datasets', 'lint', 'small', ...encoder, '--yes')
    expect(stderr).toMatch(
      /To be sent: \d+ texts to made at http:.* tokens, about 0\.\d+ at the stated price/,
    )
    expect(asked.length).toBeGreaterThan(before)
    const { run } = await json('train', '--tasks', 'small', '--steps', '4', ...ROWS, ...encoder, '--yes')
    await json('export', run, '--task', 'small', '--format', 'safetensors', '--out', join(folder, 'out'))
    const texts = await Promise.all(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((one) => one.isFile())
        .map(async (one) => (await readFile(join(one.parentPath, one.name))).toString('latin1')),
    )
    expect(texts.filter((text) => text.includes(`made at ${url}`)).length).toBeGreaterThan(0)
    expect(texts.filter((text) => text.includes(key))).toEqual([])
    vi.stubEnv('TEST_SERVICE_KEY', '')
    // What was asked before needs no service any more.
    expect((await json('evaluate', run)).run).toBe(run)
    expect((await json('models', 'remove', 'served')).runs).toContain(run)
  })

  it('is sent no collection unasked, whichever command would open it', async () => {
    const folder = await temporaryFolder()
    const workspace = join(folder, 'workspace')
    const { json, hydra } = commandLine(workspace)
    const { url, asked } = await startEmbeddingServer()
    const files = smallDataset()
    const further = Array.from({ length: 140 }, (_, i) => JSON.stringify({ _id: `x${i}`, text: `pier ${i}` }))
    files['corpus.jsonl'] += `${further.join('\n')}\n`
    await json('datasets', 'import', writeFolder(join(folder, 'small'), files))
    await json('models', 'add', url, '--model', 'made', '--id', 'served')
    const encoder = ['--encoder', 'served']
    const ofTask = ['--tasks', 'small', '--steps', '4', ...ROWS, ...encoder]
    const { run } = await json('train', ...ofTask, '--yes')
    await json('index', 'push', '--collection', 'small', '--name', 'there', ...encoder, '--yes')
    const { file } = await json(
      ...['export', run, '--task', 'small', '--format', 'safetensors', '--out', join(folder, 'out')],
    )
    const texts = join(folder, 'texts.txt')
    await writeFile(texts, further.join('\n'))
    await rm(join(workspace, 'cache', 'vectors'), { recursive: true })
    // Processes that hold vectors in memory end when nobody has asked them for two seconds.
    await new Promise((done) => setTimeout(done, 3000))
    const failed = join(workspace, 'runs', run, 'run.json')
    const record = JSON.parse(await readFile(failed, 'utf8'))
    /** Of each command that opens an encoder: what would send a whole collection, or as many texts. */
    const sending: Readonly<Record<string, readonly string[]>> = {
      train: ofTask,
      sweep: [...ofTask, '--seeds', '1,2'],
      audit: ['--tasks', 'small', '--teachers', 'bm25', ...encoder],
      'datasets lint': ['small', ...encoder],
      'datasets queries': ['small', '--model', 'any', '--by', 'dense', ...encoder],
      evaluate: [run],
      'evaluate --frozen': ['--tasks', 'small', ...encoder],
      'evaluate --matrix': [run],
      search: [run, '--query', 'pier', '--task', 'small'],
      'index push': ['--collection', 'small', '--name', 'another', ...encoder],
      apply: [file, '--texts', texts, '--out', join(folder, 'x.npy')],
      serve: ['--api', '--run', run, '--port', '0'],
      'runs resume': [run],
    }
    const opened = new Set(Object.keys(sending).map((words) => words.replace(/ --.*/, '')))
    expect(
      commandsOf(root)
        .filter((command) => !opened.has(command))
        .sort(),
    ).toEqual([...FEW_TEXTS].sort())
    for (const [command, words] of Object.entries(sending)) {
      if (command === 'runs resume')
        await writeFile(failed, JSON.stringify({ ...record, state: 'failed', reason: 'of the test' }))
      asked.length = 0
      const { code, stdout } = await hydra(...command.split(' '), ...words, '--json')
      expect([command, code !== 0, JSON.parse(stdout).error?.code]).toEqual([
        command,
        true,
        expect.stringMatching(/^(USAGE|REMOTE_UNAGREED)$/),
      ])
      expect(stdout).toContain('--yes')
      expect(asked.flatMap((one) => one.texts).length, command).toBeLessThanOrEqual(128)
    }
  })
})
