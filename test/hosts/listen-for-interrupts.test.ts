import { afterEach, describe, expect, it, vi } from 'vitest'
import { listenForInterrupts } from '../../src/main/hosts/listen-for-interrupts'

describe('listenForInterrupts', () => {
  afterEach(() => vi.restoreAllMocks())

  it('asks once, takes an echo of the same press for it, and ends at the next one', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never)
    const first = vi.fn()
    let now = 0
    const stop = listenForInterrupts(first, () => now)
    process.emit('SIGINT')
    now = 30
    process.emit('SIGINT')
    expect(first).toHaveBeenCalledTimes(1)
    expect(exit).not.toHaveBeenCalled()
    now = 1500
    process.emit('SIGINT')
    expect(exit).toHaveBeenCalledWith(130)
    stop()
    expect(process.listeners('SIGHUP')).toEqual([])
  })
})
