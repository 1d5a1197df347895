import type { MessageBoxOptions } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { askHowToLeave, type Jobs, pauseTrainings, untilIdle } from '../../../src/main/hosts/electron/leaving'
import type { JobRecord } from '../../../src/shared/schemas/job'

const job = (id: string, kind: JobRecord['kind'], state: JobRecord['state'] = 'running'): JobRecord => ({
  id,
  kind,
  title: `Job ${id}`,
  state,
  createdAt: '2026-01-01T00:00:00Z',
  endedAt: null,
  progress: null,
  runs: [],
  error: null,
})

async function ask(live: JobRecord[], why: 'quit' | 'switch', answer: string) {
  const shown = vi.fn(async ({ buttons = [] }: MessageBoxOptions) => ({ response: buttons.indexOf(answer) }))
  const how = await askHowToLeave(live, why, shown)
  return { how, options: shown.mock.calls[0][0] }
}

describe('asking how to leave', () => {
  it.each([
    ['train', 'quit', 'Pause and quit', 'stop'],
    ['train', 'quit', 'Finish in the background', 'background'],
    ['train', 'quit', 'Cancel', 'stay'],
    ['import', 'quit', 'Stop and quit', 'stop'],
    ['train', 'switch', 'Pause and open', 'stop'],
  ] as const)('while a job of kind %s runs, to %s: %s means %s', async (kind, why, answer, meant) => {
    expect((await ask([job('a', kind)], why, answer)).how).toBe(meant)
  })

  it('stays when the dialog is closed, and offers no background to another workspace', async () => {
    const { how, options } = await ask([job('a', 'train')], 'switch', 'none of them')
    expect(how).toBe('stay')
    expect(options.buttons).toHaveLength(2)
    expect(options.cancelId).toBe(1)
  })

  it('says that other work begins again only where there is some', async () => {
    const alone = (await ask([job('a', 'train')], 'quit', 'Cancel')).options.detail
    const both = (await ask([job('a', 'train'), job('b', 'audit')], 'quit', 'Cancel')).options.detail
    expect(both?.split('\n').length).toBe((alone?.split('\n').length ?? 0) + 1)
  })
})

describe('leaving', () => {
  it('pauses trainings that run or wait, and nothing else; one that ends meanwhile is no failure', async () => {
    const pause = vi.fn(async ({ id }: { id: string }) => {
      if (id === 'a') throw new Error('ended')
      return job(id, 'train', 'paused')
    })
    const list = async () => [
      job('a', 'train'),
      job('b', 'demo', 'queued'),
      job('c', 'import'),
      job('d', 'train', 'done'),
    ]
    await pauseTrainings({ list, pause })
    expect(pause.mock.calls.map(([{ id }]) => id)).toEqual(['a', 'b'])
  })

  it('waits until the last job has ended', async () => {
    const states: JobRecord['state'][][] = [
      ['running', 'queued'],
      ['done', 'running'],
      ['done', 'failed'],
    ]
    let at = 0
    let read = 0
    const jobs: Pick<Jobs, 'list' | 'changes'> = {
      list: async () => states[at].map((state, index) => job(String(index), 'train', state)),
      changes: async () =>
        (async function* () {
          for (;;) {
            read++
            at = Math.min(at + 1, 2)
            yield
          }
        })(),
    }
    await untilIdle(jobs)
    expect(read).toBe(2)
    await untilIdle(jobs)
    expect(read).toBe(2)
  })
})
