import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PYTHON } from '../../readme-snippets'

/** milvus-lite as a server, of the Python that has it; `stop` and `start` keep its data. */
export async function startMilvus() {
  const folder = await mkdtemp(join(tmpdir(), 'hydra-milvus-'))
  const port = await freePort()
  let server: ChildProcess | null = null
  const start = async () => {
    // Its own default is every address of the machine.
    const words = ['server', '--data-dir', folder, '--host', '127.0.0.1', '--port', String(port)]
    const script = 'import sys; from milvus_lite.cmdline import main; sys.exit(main())'
    server = spawn(PYTHON, ['-c', script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    await new Promise<void>((ready, failed) => {
      server?.on('exit', () => failed(new Error(`milvus-lite has ended: ${said}`)))
      for (const stream of [server?.stdout, server?.stderr])
        stream?.on('data', (chunk) => {
          said += chunk
          if (said.includes('listening on')) ready()
        })
    })
  }
  const stop = async () => {
    if (!server || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  await start()
  return {
    address: `127.0.0.1:${port}`,
    start,
    stop,
    async end() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
