#!/usr/bin/env node
// From a folder of your own in BEIR's layout to a verdict and a head, through the command line and nothing else:
//
//   node examples/train-own-dataset.mjs path/to/scifact --out heads
//
// It imports the folder (or zip), trains on each of its tasks, prints the verdict in words, and exports a head for each.
// Whatever calls the workbench from a pipeline can do as it does: `--json` gives one JSON document on stdout and JSON
// lines of progress on stderr, and the exit code says how it ended.

import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'

const HYDRA = resolve(import.meta.dirname, '..', 'bin', 'hydra.mjs')
const USAGE = `usage: node examples/train-own-dataset.mjs FOLDER-OR-ZIP [--id ID] [--steps N] [--seed N]
       [--workspace DIR] [--out DIR]

FOLDER-OR-ZIP holds corpus.jsonl, queries.jsonl and qrels/train.tsv, qrels/test.tsv (BEIR's layout).`

/** What `hydra` ended with where it did not end well. */
class HydraFailure extends Error {
  constructor({ code, expected, got, remedy, where }, exitCode) {
    const place = where ? `\n  where     ${where}` : ''
    super(`${code}${place}\n  expected  ${expected}\n  got       ${got}\n  do this   ${remedy}`)
    this.exitCode = exitCode
  }
}

/** Runs one command and returns its answer; says on stderr what it is busy with. */
async function hydra(...words) {
  const child = spawn(process.execPath, [HYDRA, ...words, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((done, failed) => child.on('error', failed).on('close', done))
  const [answer, , exitCode] = await Promise.all([text(child.stdout), tellProgress(child.stderr), ended])
  if (exitCode === 0) return JSON.parse(answer)
  if (answer.startsWith('{')) throw new HydraFailure(JSON.parse(answer).error, exitCode)
  throw new Error(`hydra ${words.join(' ')} ended with code ${exitCode}; its last words are above.`)
}

/** The beginning of each phase, what is logged, and what is no event (the build, once). */
async function tellProgress(stderr) {
  let phase = ''
  for await (const line of createInterface({ input: stderr })) {
    const event = line.startsWith('{') ? JSON.parse(line) : { type: 'log', message: line }
    if (event.type === 'log') console.error(event.message)
    if (event.type === 'progress' && event.progress.phase !== phase) {
      phase = event.progress.phase
      console.error(`… ${phase}`)
    }
  }
}

function readArguments() {
  const option = { type: 'string' }
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { id: option, steps: option, seed: option, workspace: option, out: option },
    })
    if (positionals.length === 1) return { source: positionals[0], ...values }
    throw new Error(`expected one folder or zip, got ${positionals.length}`)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

/** `--name value` for the options that were given. */
function given(options) {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]))
}

const { source, id, steps, seed, workspace, out } = readArguments()
try {
  const dataset = await hydra('datasets', 'import', source, ...given({ id, workspace }))
  const { tasks } = await hydra('datasets', 'show', dataset.id, ...given({ workspace }))
  const names = tasks.map((task) => task.id)
  const verdict = await hydra('train', '--tasks', names.join(','), ...given({ steps, seed, workspace }))
  console.log(`${verdict.words}\n\nRun ${verdict.run}`)
  for (const task of names) {
    const head = await hydra('export', verdict.run, '--task', task, ...given({ out, workspace }))
    console.log(`Head of ${task}: ${head.file}\n${head.handedOut}`)
  }
} catch (error) {
  console.error(error.message)
  process.exitCode = error.exitCode ?? 1
}
