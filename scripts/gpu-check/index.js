/**
 * What a graphics card does here, checked and measured: `node scripts/gpu-check` in a checkout after `npm ci`. Prints tables in
 * Markdown for docs/performance.md, and ends with 1 where a check fails and 2 where it cannot be made.
 *
 *   --json FILE        the same as JSON
 *   --tasks T          whose steps are timed: wordnet-finds/* of the embedded collection unless said …
 *   --workspace DIR    … else tasks of this workspace
 *   --encoder NAME     all-MiniLM-L6-v2 unless said; a folder with weights in half precision shows more
 *
 * Without a card it runs on a software adapter: HYDRA_ALLOW_SOFTWARE_GPU=1, and VK_ICD_FILENAMES for where that lies.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { buildWhenStale } from '../build-when-stale.mjs'
import { encodingChecks, markdown, trainingChecks } from './checks.mjs'

const ROOT = resolve(import.meta.dirname, '..', '..')
const PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu']
const INSTALL =
  'npm install --no-save --save-prod --force webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0'
/** Trainings of a hundred steps, and kernels that are compiled for them: minutes on software. */
const LIMIT_MS = 15 * 60_000
const PROVIDERS = { linux: ['webgpu', 'cuda'], win32: ['webgpu', 'directml'], darwin: ['coreml', 'webgpu'] }

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    tasks: { type: 'string', default: 'wordnet-finds/*' },
    workspace: { type: 'string' },
    encoder: { type: 'string', default: 'all-MiniLM-L6-v2' },
  },
})
const execute = promisify(execFile)

process.chdir(ROOT)
const missing = PACKAGES.filter((name) => !existsSync(join(ROOT, 'node_modules', name, 'package.json')))
if (missing.length > 0) {
  say(`${missing.join(' and ')}: not installed. In this folder: ${INSTALL}`)
  process.exit(2)
}
await buildWhenStale()
// From here on: TypeScript, which Vite reads.
const { runnerImport } = await import('vite')
const { bundleFixture } = (await runnerImport(join(ROOT, 'test', 'bundle-fixture.ts'))).module

const own = values.workspace ? null : await mkdtemp(join(tmpdir(), 'hydra-gpu-check-'))
try {
  process.exitCode = await check(values.workspace ?? own)
} finally {
  if (own) await rm(own, { recursive: true, force: true })
}

async function check(workspace) {
  say('Trainings on the adapter, on wasm and on cpu …')
  const training = await bundleFixture('test/engine/training/webgpu-training.ts', 'gpu-check')
  const refusal = await answer(training, ['no adapter'])
  if (refusal) {
    say(`No adapter to check: ${refusal.code}: ${refusal.detail}`)
    return 2
  }
  const parity = await answer(training, ['parity'])
  const faults = await answer(training, ['faults'])

  say('An encoder on each provider …')
  const encode = await bundleFixture('scripts/gpu-check/encode.ts', 'gpu-check')
  const encoding = {}
  for (const provider of ['cpu', ...(PROVIDERS[process.platform] ?? [])])
    encoding[provider] = await answer(encode, [`${values.encoder}?provider=${provider}`])

  say('Steps on each backend …')
  if (own) await hydra(workspace, 'datasets', 'import', 'wordnet-finds')
  const { backends, measured, machine } = await hydra(workspace, 'doctor', '--tasks', values.tasks)

  const adapter = faults.reason.replace(/^[^;]*; /, '')
  // A provider that this machine has nothing for is no failure of the card.
  const optional = Object.entries(encoding).filter(
    ([provider, { refused }]) => provider === 'webgpu' || !/^(no-library|other-platform)/.test(refused ?? ''),
  )
  const found = {
    adapter,
    machine: `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`,
    configuration: measured.configuration,
    checks: [...trainingChecks(parity, faults), ...encodingChecks(Object.fromEntries(optional))],
    backends: backends.map(({ id, millisecondsPerStep, reason }) => ({ id, millisecondsPerStep, reason })),
    encoder: values.encoder,
    encoding,
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(found, null, 2)}\n`)
  process.stdout.write(markdown(found))
  return found.checks.every(({ ok }) => ok) ? 0 : 1
}

/** What a script prints, as JSON; it rejects where its process does not end well. */
async function answer(script, args) {
  const limits = { timeout: LIMIT_MS, maxBuffer: 2 ** 28 }
  return JSON.parse((await execute(process.execPath, [script, ...args], limits)).stdout)
}

async function hydra(workspace, ...words) {
  const all = [join(ROOT, 'bin', 'hydra.mjs'), ...words, '--workspace', workspace, '--json']
  return JSON.parse((await execute(process.execPath, all, { timeout: LIMIT_MS, maxBuffer: 2 ** 28 })).stdout)
}

function say(words) {
  process.stderr.write(`${words}\n`)
}
