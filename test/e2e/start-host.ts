import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

const SERVE = join(resolve(import.meta.dirname, '../..'), 'out/main/serve.js')

export interface StoryHost {
  /** With the token. */
  readonly url: string
  readonly port: number
  stop(): Promise<void>
  /** As a crash would end it. */
  kill(): Promise<void>
}

/** The web host as a person starts it, on a free port unless one is named; its address is what it prints. */
export async function startHost(workspace: string, port = 0): Promise<StoryHost> {
  const child: ChildProcess = spawn(
    process.execPath,
    [SERVE, '--workspace', workspace, '--port', String(port)],
    {
      env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said: string[] = []
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    await ended
  }
  const url = await new Promise<string>((found, failed) => {
    const listen = (chunk: Buffer) => {
      said.push(chunk.toString())
      const match = /https?:\/\/\S+#token=[^\s"]+/.exec(said.join(''))
      if (match) found(match[0])
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    void ended.then(() => failed(new Error(`the host ended: ${said.join('')}`)))
  })
  return {
    url,
    port: Number(new URL(url).port),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}
