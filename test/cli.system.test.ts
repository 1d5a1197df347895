import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CLI, runHere, runProcess } from './command-line'
import { temporaryFolder } from './temporary-folder'
import { waitUntil } from './wait-until'

interface Running {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly ended: Promise<number | null>
}

function start(words: readonly string[], workspace: string): Running {
  const child = spawn(process.execPath, [CLI, ...words], {
    env: { ...process.env, HYDRA_WORKSPACE: workspace },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, out: () => out, err: () => err, ended }
}

async function hydra(words: readonly string[], workspace?: string) {
  const running = start(words, workspace ?? (await temporaryFolder()))
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}

/** A dataset of so many documents that encoding them takes a while. */
async function writeBeir(folder: string, documents: number): Promise<string> {
  await mkdir(join(folder, 'qrels'), { recursive: true })
  const corpus = Array.from({ length: documents }, (_, i) =>
    JSON.stringify({
      _id: `d${i}`,
      title: '',
      text: `document number ${i} about subject ${i % 7} and place ${i % 11}`,
    }),
  )
  const queries = Array.from({ length: 20 }, (_, i) => JSON.stringify({ _id: `q${i}`, text: `subject ${i}` }))
  const qrels = Array.from({ length: 20 }, (_, i) => `q${i}\td${i}\t1`)
  await writeFile(join(folder, 'corpus.jsonl'), `${corpus.join('\n')}\n`)
  await writeFile(join(folder, 'queries.jsonl'), `${queries.join('\n')}\n`)
  await writeFile(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${qrels.join('\n')}\n`)
  return folder
}

describe('exit codes', () => {
  it.each([
    [[], 0],
    [['--help'], 0],
    [['-h'], 0],
    [['train', '--help'], 0],
    [['train', '-h'], 0],
    [['datasets', 'import', '--help'], 0],
    [['--version'], 0],
    [['runs', 'list'], 0],
    [['--seed', '3', 'runs', 'list'], 0],
    [['runs', '--json', 'list', '--seed', '3'], 0],
    [['datasets', 'list'], 0],
    [['nonsense'], 2],
    [['datasets'], 2],
    [['datasets', 'nonsense'], 2],
    [['runs', 'list', '--nonsense'], 2],
    [['runs', 'list', 'extra'], 2],
    [['runs', 'list', '--', 'extra'], 2],
    [['runs', 'show'], 2],
    [['runs', 'show', '--', '--nope'], 1],
    [['datasets', 'import', 'a', 'b'], 2],
    [['train'], 2],
    [['train', '--tasks'], 2],
    [['train', '--tasks', '--steps', '3'], 2],
    [['--seed', '-1', 'train', '--tasks', 'a'], 2],
    [['train', '--tasks', 'a', '--unseen', '-0.5'], 2],
    [['train', '--tasks', 'a', '--hold-out', 'both'], 2],
    [['train', '--tasks', 'a', '--set', 'learningRate=-1'], 2],
    [['train', '--tasks', 'a', '--side', 'left'], 2],
    [['compare', 'a', '--over', 'cards'], 2],
    [['report', 'a'], 2],
    [['report', 'a', '--out', ''], 2],
    [['search', 'r', '--query', ' ', '--task', 'a'], 2],
    [['import-run', 'a', '--run', 'b'], 2],
    [['list'], 0],
    [['list', 'losses'], 0],
    [['list', 'nonsense'], 2],
    [['train', '--tasks', 'a', '--head', 'nope'], 1],
    [['train', '--tasks', 'a', '--set', 'nope=1'], 1],
    [['train', '--tasks', 'a', '--set', 'rank=4', '--set', 'learningRate=fast'], 2],
    [['train', '--tasks', 'a', '--loss', 'listwise:0'], 2],
    [['train', '--tasks', 'a', '--seed', 'x'], 2],
    [['train', '--tasks', 'a', '--seed', '0x10'], 2],
    [['train', '--tasks', 'a', '--set', 'learningRate=0x1'], 2],
    [['evaluate', 'a', '--split', 'dev'], 2],
    [['evaluate', '--frozen', '--tasks', 'a', '--split', 'train'], 2],
    [['train', '--tasks', 'a', '--unseen', '2'], 2],
    [['evaluate'], 2],
    [['evaluate', 'a', '--frozen', '--tasks', 'b'], 2],
    [['evaluate', '--frozen'], 2],
    [['search', 'r', '--query', 'x'], 2],
    [['search', 'r', '--query', 'x', '--task', 'a', '--describe', 'b'], 2],
    [['export', 'r', '--task', 'a', '--format', 'pickle', '--out', 'x'], 1],
    [['export', 'r', '--format', 'compiler', '--task', 'a'], 2],
    [['export', 'r', '--format', 'compiler', '--set', 'encoder=lost'], 2],
    [['apply', 'head.safetensors'], 2],
    [['serve', '--port', '99999'], 2],
    [['runs', 'show', 'nope'], 1],
    [['datasets', 'show', 'nope'], 1],
    [['datasets', 'import', 'nowhere.zip'], 1],
    [['train', '--tasks', 'nope'], 1],
    [['cards', 'validate', 'nowhere.json'], 1],
    [['search', 'nope', '--query', 'x', '--describe', 'y'], 1],
  ] as [string[], number][])('hydra %j ends with %i', async (words, expected) => {
    const { code, stderr: err } = await runHere(words, { HYDRA_WORKSPACE: await temporaryFolder() })
    expect(code).toBe(expected)
    // Whoever is turned away learns what was expected and what to do. A usage error says where the help is, and that is
    // the last that it says.
    if (expected > 0) expect(err).toMatch(/expected {2}.+\n {2}got {7}.+[\s\S]*\n {2}do this {3}.+/)
    if (expected === 2) expect(err).toMatch(/^USAGE[\s\S]*\n {2}help {6}hydra .*--help\n$/)
    else expect(err).not.toContain('--help')
  })

  it.each([
    [['--help'], 0],
    [['runs', 'show', 'nope'], 1],
    [['runs', 'list', '--nonsense'], 2],
  ])('are those of the process: hydra %j, %i', async (words, expected) => {
    const HYDRA_WORKSPACE = await temporaryFolder()
    expect(await runProcess(words, { HYDRA_WORKSPACE })).toEqual(await runHere(words, { HYDRA_WORKSPACE }))
    expect((await hydra(words)).code).toBe(expected)
  })

  it.each([
    [['runs', 'list', '--jsno'], 'hydra runs list --help', '--json'],
    [['datasets', 'imprt', 'a'], 'hydra datasets --help', 'import'],
    [['trian'], 'hydra --help', 'train'],
  ])('%j is a slip: the help is that of %s, and %s was meant', async (words, help, meant) => {
    const { stderr: err } = await runHere(words, { HYDRA_WORKSPACE: await temporaryFolder() })
    expect(err).toMatch(new RegExp(`do this {3}.*${meant}`))
    expect(err.trimEnd().split('\n').at(-1)).toBe(`  help      ${help}`)
  })

  it('leave no workspace behind for a slip in the command line', async () => {
    const workspace = join(await temporaryFolder(), 'workspace')
    for (const slip of [
      ['--steps', 'many'],
      ['--set', 'learningRate=-1'],
    ]) {
      const { code } = await runHere(['train', '--tasks', 'a', ...slip], { HYDRA_WORKSPACE: workspace })
      expect(code).toBe(2)
    }
    expect(existsSync(workspace)).toBe(false)
  })
})

describe('--json', () => {
  it.each([
    [['runs', 'list', '--json']],
    [['--json', 'runs', 'list']],
    [['doctor', '--json']],
    [['list', '--json']],
    [['runs', 'show', 'nope', '--json']],
    [['nonsense', '--json']],
    [['--json', 'train', '--tasks']],
  ])('%j puts exactly one document on stdout and JSON lines on stderr', async (words) => {
    const { out, err } = await hydra(words)
    expect(out.endsWith('\n')).toBe(true)
    expect(out.trimEnd().split('\n')).toHaveLength(1)
    JSON.parse(out)
    for (const line of err.split('\n').filter((text) => text !== '')) JSON.parse(line)
  })

  it('holds through a job: progress on stderr, the dataset on stdout', async () => {
    const workspace = await temporaryFolder()
    const source = await writeBeir(join(workspace, 'source'), 50)
    const { code, out, err } = await hydra(
      ['datasets', 'import', source, '--id', 'tiny', '--json'],
      workspace,
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ id: 'tiny', documents: 50, queries: 20 })
    const types = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type)
    expect(types).toContain('state')
  })
})

describe('a command that is interrupted', () => {
  async function evaluating() {
    const workspace = await temporaryFolder()
    const source = await writeBeir(join(workspace, 'source'), 20_000)
    await hydra(['datasets', 'import', source, '--id', 'big'], workspace)
    const running = start(['evaluate', '--frozen', '--tasks', 'big', '--json'], workspace)
    await waitUntil(() => running.err().includes('"progress"'))
    return { workspace, running }
  }

  it('cancels its job, ends with 130 and leaves a workspace that says so', async () => {
    const { workspace, running } = await evaluating()
    running.child.kill('SIGINT')
    expect(await running.ended).toBe(130)
    expect(JSON.parse(running.out()).error.code).toBe('CANCELLED')
    const [run] = JSON.parse((await hydra(['runs', 'list', '--json'], workspace)).out)
    expect(run.state).toBe('cancelled')
    expect(await readdir(workspace)).not.toContain('.lock')
  })

  it('killed outright leaves a workspace that opens and says what was lost', async () => {
    const { workspace, running } = await evaluating()
    const refused = await hydra(['datasets', 'import', join(workspace, 'source'), '--id', 'other'], workspace)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('WORKSPACE_LOCKED')
    expect(refused.err).toContain(String(running.child.pid))
    running.child.kill('SIGKILL')
    await running.ended
    const listed = await hydra(['runs', 'list'], workspace)
    expect(listed.code).toBe(0)
    expect(listed.out).toContain('interrupted')
    expect(listed.err).toContain('Last seen')
    const small = await writeBeir(join(workspace, 'small'), 50)
    const imported = await hydra(['datasets', 'import', small, '--id', 'other'], workspace)
    expect(imported.code).toBe(0)
  })
})
