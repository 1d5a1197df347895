import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const OUT = join(ROOT, 'out')
const LOCK = join(OUT, '.lock')
const STAMP = join(OUT, 'build.json')
const ROOMS = ['main', 'preload', 'renderer']
const INPUTS = ['src', 'package.json', 'electron.vite.config.ts', 'tsconfig.base.json']
/** A build takes seconds; a lock that is older than this was left by a process whose pid is in use again. */
const LOCK_EXPIRES_MS = 5 * 60_000

/**
 * Builds out/ when it is missing or was made from other sources, and says so in one line on stderr; stdout belongs to
 * whoever asked (`--json`). Two callers at once: the second waits for the first. Returns true when it built.
 */
export async function buildWhenStale({ always = false } = {}) {
  const wanted = await fingerprint()
  if (!always && (await isCurrent(wanted))) return false
  const release = await lock()
  try {
    // Another process may have built while this one waited.
    if (!always && (await isCurrent(await fingerprint()))) return false
    await build()
    return true
  } finally {
    await release()
  }
}

async function build() {
  const started = Date.now()
  process.stderr.write('Building the workbench (once, and again when its sources change) ... ')
  const sources = await fingerprint()
  const staging = join(OUT, `.staging-${process.pid}-${randomBytes(3).toString('hex')}`)
  try {
    await runElectronVite(relative(ROOT, staging))
    // Room by room, the stamp away first and back last: cut off anywhere, the next caller builds again. A room is
    // missing for a moment only, and processes that run from the old build keep their open files.
    await rm(STAMP, { force: true })
    for (const room of ROOMS) {
      await rename(join(OUT, room), join(staging, `${room}-before`)).catch((error) => {
        if (error.code !== 'ENOENT') throw error
      })
      await rename(join(staging, room), join(OUT, room))
    }
    await writeFile(STAMP, `${JSON.stringify({ version: 1, sources })}\n`)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
}

/** electron-vite in a process of its own: its plugins write to stdout, and a native crash must not take ours along. */
function runElectronVite(out) {
  const manifest = createRequire(import.meta.url).resolve('electron-vite/package.json')
  const script = join(dirname(manifest), 'bin', 'electron-vite.js')
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [script, 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The override keeps the electron package from fetching its binary: the build does not need it.
      env: {
        ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent',
        ...process.env,
        HYDRA_BUILD_OUT: out,
        NODE_ENV: 'production',
      },
    })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', failed)
    child.on('close', (code) => {
      if (code === 0) done()
      else
        failed(
          new Error(
            `failed.\n${Buffer.concat(output).toString().trimEnd()}\nThe build ended with code ${code}.`,
          ),
        )
    })
  })
}

/** sha256 over path, size and modification time of every input: cheaper than the contents, and notices deletions. */
async function fingerprint() {
  const hash = createHash('sha256')
  for (const input of INPUTS) {
    for (const file of await filesUnder(join(ROOT, input))) {
      const { size, mtimeMs } = await stat(file)
      hash.update(`${relative(ROOT, file)}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

async function filesUnder(path) {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function isCurrent(wanted) {
  try {
    return JSON.parse(await readFile(STAMP, 'utf8')).sources === wanted
  } catch {
    return false
  }
}

/** An exclusive folder with the holder's pid: made or not made, never half. */
async function lock() {
  await mkdir(OUT, { recursive: true })
  for (;;) {
    try {
      await mkdir(LOCK)
      await writeFile(join(LOCK, 'pid'), String(process.pid))
      return () => rm(LOCK, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (await isAbandoned()) await rm(LOCK, { recursive: true, force: true })
    else await new Promise((wake) => setTimeout(wake, 100))
  }
}

async function isAbandoned() {
  try {
    const { mtimeMs } = await stat(LOCK)
    const age = Date.now() - mtimeMs
    if (age > LOCK_EXPIRES_MS) return true
    const pid = Number(await readFile(join(LOCK, 'pid'), 'utf8').catch(() => ''))
    // The pid follows the folder within milliseconds; a lock without one is young or was cut off.
    if (!pid) return age > 2000
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildWhenStale({ always: process.argv.includes('--always') })
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
