import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../src/main/jobs/processes/run-program'

const folder = tmpdir()
const never = new AbortController().signal

describe('a program of this machine', () => {
  it('runs in a folder, and its last words are kept', async () => {
    const script = 'console.log(process.cwd()); console.error("no"); process.exit(3)'
    const ended = await runProgram(process.execPath, ['-e', script], { folder, signal: never })
    expect(ended).toMatchObject({ code: 3 })
    expect(ended?.lastWords).toMatch(/tmp[\s\S]*no|no[\s\S]*tmp/)
  })

  it('is null where there is none of the name', async () => {
    expect(await runProgram('no-such-program-here', [], { folder, signal: never })).toBeNull()
  })

  it('ends with the work that it is for', async () => {
    const stop = new AbortController()
    const running = runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      folder,
      signal: stop.signal,
    })
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(runProgram('node', [], { folder, signal: stop.signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})
