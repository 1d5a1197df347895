import { spawn } from 'node:child_process'
import { throwIfCancelled } from '../../../shared/errors'

/** Of what a program says, so much is kept. */
const LAST_CHARACTERS = 2000

/**
 * Runs a program of this machine and waits for its end; null where there is none of the name. It gets no input, so that one
 * that asks something ends instead of waiting.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<{ code: number | null; lastWords: string } | null> {
  throwIfCancelled(signal)
  // What makes Electron's binary a plain Node is no concern of other programs.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  // On Windows package clients are scripts, which only a shell starts.
  const child = spawn(program, args, {
    cwd: folder,
    env,
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_CHARACTERS)
    })
  }
  const stop = () => child.kill()
  signal.addEventListener('abort', stop)
  try {
    const code = await new Promise<number | null | 'absent'>((ended, failed) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? ended('absent') : failed(error),
      )
      child.once('close', (exit) => ended(exit))
    })
    throwIfCancelled(signal)
    return code === 'absent' ? null : { code, lastWords: lastWords.trim() }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
