import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDesktopState } from '../../../src/main/hosts/electron/desktop-state'
import { temporaryFolder } from '../../temporary-folder'

describe('what the application remembers', () => {
  it('comes back, the last workspace first and each once', async () => {
    const folder = join(await temporaryFolder(), 'data')
    const state = openDesktopState(folder)
    expect(state.current).toMatchObject({ window: null, recent: [] })
    for (const workspace of ['/a', '/b', '/a']) state.opened(workspace)
    const place = { x: 1, y: 2, width: 900, height: 600, maximised: false, fullScreen: false }
    state.keep({ window: place })
    expect(openDesktopState(folder).current).toMatchObject({ window: place, recent: ['/a', '/b'] })
    for (let at = 0; at < 20; at++) state.opened(`/${at}`)
    expect(openDesktopState(folder).current.recent).toHaveLength(8)
  })

  it.each(['', '{', '{"version":2}', '{"version":1,"window":7,"recent":[]}'])(
    'is nothing where it reads %s',
    async (text) => {
      const folder = await temporaryFolder()
      await writeFile(join(folder, 'desktop.json'), text)
      expect(openDesktopState(folder).current.recent).toEqual([])
    },
  )

  it('that cannot be written costs nothing but the memory', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'desktop.json', 'in the way'), { recursive: true })
    const state = openDesktopState(folder)
    state.opened('/a')
    expect(state.current.recent).toEqual(['/a'])
    expect(openDesktopState(folder).current.recent).toEqual([])
  })
})
