import { type ChildProcess, fork, spawn } from 'node:child_process'
import { join } from 'node:path'
import { HydraError } from '../../../shared/errors'
import type { FromWorker, ToWorker } from './process-messages'
import { watchSilence } from './watch-silence'

/** Where operations run. */
export interface WorkerPlace {
  readonly workspace: string
  readonly appRoot: string
  /** The worker's script; out/main/engine-worker.js unless said. */
  readonly script?: string
}

const LAST_WORDS = 20
/** A worker whose request is answered may take this long to put its things away. */
const FAREWELL_MS = 5000
/** Of a process whose event loop has not turned for so long nothing more is expected: no computation of ours blocks it for minutes. */
const SILENCE_BOUND_MS = 15 * 60_000

/**
 * One forked engine worker: messages in and out, the last lines it printed, and an end that takes its children along.
 *
 * Electron has utilityProcess for this; child_process.fork with ELECTRON_RUN_AS_NODE starts the same binary as plain
 * Node with the same script, and gives the desktop, the web host and the terminal one path to test and to kill.
 */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #ownsGroup: boolean
  readonly #lastWords: string[] = []
  #silent = false
  #nextId = 1
  /** What it had of the machine's memory when it last answered. */
  memoryBytes = 0
  /** Who hears what it says: whoever uses it at the time. */
  onMessage: (message: FromWorker) => void = () => undefined
  /** Settles when the process is gone. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>

  /**
   * `nested`: stay in the caller's process group, so that killing the outermost worker reaches this one too.
   * Otherwise the worker leads a group of its own, and Ctrl-C in a terminal reaches us alone: we decide how it stops.
   */
  constructor(place: WorkerPlace, options: { nested: boolean; silenceBoundMs?: number }) {
    this.#ownsGroup = !options.nested && process.platform !== 'win32'
    this.#child = fork(place.script ?? join(place.appRoot, 'out', 'main', 'engine-worker.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: this.#ownsGroup,
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    })
    const watch = watchSilence({
      boundMs: options.silenceBoundMs ?? SILENCE_BOUND_MS,
      onBound: () => {
        this.#silent = true
        this.kill()
      },
    })
    this.#child.on('message', (message) => {
      watch.heard()
      const said = message as FromWorker
      if (said.type === 'done') this.memoryBytes = said.memoryBytes
      this.onMessage(said)
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#remember(text))
    }
    // Whoever ends us without a farewell (a second Ctrl-C) ends the worker too.
    const killAtExit = () => this.kill()
    process.once('exit', killAtExit)
    this.ended = new Promise((resolve) => {
      this.#child.once('error', () => {
        process.off('exit', killAtExit)
        watch.end()
        resolve({ code: null, signal: null })
      })
      this.#child.once('exit', (code, signal) => {
        // Whatever it started and left behind goes too; the pipes may hold its last words for a moment longer.
        this.#killGroup()
        process.off('exit', killAtExit)
        watch.end()
        const settle = () => resolve({ code, signal })
        this.#child.once('close', settle)
        setTimeout(settle, 200)
      })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get alive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Of a request: no two requests of a process have the same. */
  nextId(): number {
    return this.#nextId++
  }

  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  /** Whether the process keeps ours alive. */
  hold(keep: boolean): void {
    const act = keep ? 'ref' : 'unref'
    this.#child[act]()
    this.#child.channel?.[act]()
    for (const stream of [this.#child.stdout, this.#child.stderr])
      (stream as { ref?(): void; unref?(): void })?.[act]?.()
  }

  /** Lets an idle worker go: it ends itself when its channel closes, and is killed if it does not. */
  async dismiss(): Promise<void> {
    this.hold(true)
    if (this.#child.connected) this.#child.disconnect()
    const timer = setTimeout(() => this.kill(), FAREWELL_MS)
    timer.unref()
    await this.ended
    clearTimeout(timer)
  }

  kill(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    if (process.platform === 'win32' && this.#child.pid) {
      spawn('taskkill', ['/pid', String(this.#child.pid), '/T', '/F'], { stdio: 'ignore' })
    } else if (!this.#killGroup()) {
      this.#child.kill('SIGKILL')
    }
  }

  /** The failure of a process that ended without an answer. */
  crash(doing: string, end: { code: number | null; signal: NodeJS.Signals | null }): HydraError {
    const silence = 'it gave no sign of life for a long time and was ended'
    const how = this.#silent
      ? silence
      : end.signal
        ? `it was killed by ${end.signal}`
        : `it ended with code ${end.code}`
    const words = this.#lastWords.length > 0 ? `; its last lines were:\n${this.#lastWords.join('\n')}` : ''
    return new HydraError('WORKER_CRASHED', {
      expected: `the worker process to finish ${doing}`,
      got: `${how}${words}`,
      remedy:
        end.signal === 'SIGKILL' && !this.#silent
          ? 'The system kills processes when memory runs out: close something large and start again.'
          : 'Start it again; if it ends the same way, please report these lines.',
    })
  }

  #killGroup(): boolean {
    if (!this.#ownsGroup || !this.#child.pid) return false
    try {
      process.kill(-this.#child.pid, 'SIGKILL')
      return true
    } catch {
      // Nobody of the group is left.
      return false
    }
  }

  #remember(text: string): void {
    if (process.env.HYDRA_DEBUG) process.stderr.write(text)
    for (const line of text.split('\n')) if (line.trim() !== '') this.#lastWords.push(line)
    this.#lastWords.splice(0, this.#lastWords.length - LAST_WORDS)
  }
}
