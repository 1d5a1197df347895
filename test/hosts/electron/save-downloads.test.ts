import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { saveDownloads } from '../../../src/main/hosts/electron/save-downloads'

describe('what the page hands out', () => {
  it('is written where a person says, and shown there when it is', () => {
    const session = new EventEmitter()
    const show = vi.fn()
    saveDownloads(session as unknown as Parameters<typeof saveDownloads>[0], '/downloads', show)
    const offer = (state: string) => {
      const item = Object.assign(new EventEmitter(), {
        setSaveDialogOptions: vi.fn(),
        getFilename: () => 'head.safetensors',
        getSavePath: () => '/chosen/head.safetensors',
      })
      session.emit('will-download', {}, item)
      item.emit('done', {}, state)
      return item
    }
    expect(offer('cancelled').setSaveDialogOptions.mock.calls[0][0]).toMatchObject({
      defaultPath: join('/downloads', 'head.safetensors'),
    })
    expect(show).not.toHaveBeenCalled()
    offer('completed')
    expect(show.mock.calls).toEqual([['/chosen/head.safetensors']])
  })
})
