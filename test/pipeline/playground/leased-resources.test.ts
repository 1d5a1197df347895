import { expect, it } from 'vitest'
import { leasedResources } from '../../../src/main/pipeline/playground/leased-resources'
import type { JobEvent } from '../../../src/shared/schemas/job'

const turn = () => new Promise((resolve) => setImmediate(resolve))

const request = () => {
  const controller = new AbortController()
  const said: JobEvent[] = []
  return {
    signal: controller.signal,
    cancel: () => controller.abort(),
    emit: (event: JobEvent) => said.push(event),
    said,
  }
}

function openResources(most: number) {
  const closed: string[] = []
  const resources = leasedResources<string>(most, (name) => closed.push(name))
  const lease = (holder: ReturnType<typeof request>, name: string) =>
    resources.lease(holder, name, async () => name)
  return { closed, lease, resources }
}

it('closes what is evicted when nobody holds it', async () => {
  const { closed, lease, resources } = openResources(1)
  const first = request()
  await lease(first, 'a')
  resources.release(first)
  await turn()
  expect(closed).toEqual([])
  await lease(request(), 'b')
  await turn()
  expect(closed).toEqual(['a'])
})

it('does not close what is evicted while a request holds it, but when the last one ends', async () => {
  const { closed, lease, resources } = openResources(1)
  const [first, second, third] = [request(), request(), request()]
  await lease(first, 'a')
  await lease(second, 'a')
  await lease(third, 'b')
  resources.release(first)
  await turn()
  expect(closed).toEqual([])
  resources.release(second)
  await turn()
  expect(closed).toEqual(['a'])
  resources.release(second)
  resources.release(third)
  await turn()
  expect(closed).toEqual(['a'])
})

it('holds the one that was evicted and the one opened anew apart', async () => {
  const closed: number[] = []
  const resources = leasedResources<number>(1, (value) => closed.push(value))
  let opened = 0
  const lease = (holder: ReturnType<typeof request>, name: string) =>
    resources.lease(holder, name, async () => ++opened)
  const [first, second] = [request(), request()]
  await lease(first, 'a')
  await lease(request(), 'b')
  await lease(second, 'a')
  resources.release(first)
  await turn()
  // Number 2 is still held; number 3 is the cached one.
  expect(closed).toEqual([1])
})

it('closes what was evicted before it was open as soon as it is', async () => {
  const closed: string[] = []
  const resources = leasedResources<string>(1, (name) => closed.push(name))
  const first = request()
  let finish = () => {}
  const opening = resources.lease(
    first,
    'a',
    () =>
      new Promise((resolve) => {
        finish = () => resolve('a')
      }),
  )
  await resources.lease(request(), 'b', async () => 'b')
  resources.release(first)
  await turn()
  expect(closed).toEqual([])
  finish()
  await opening
  await turn()
  expect(closed).toEqual(['a'])
})

it('has nothing to close of what did not open, and opens it anew', async () => {
  const { closed, lease, resources } = openResources(1)
  const first = request()
  const failing = resources.lease(first, 'a', () => Promise.reject(new Error('busy')))
  await expect(failing).rejects.toThrow('busy')
  resources.release(first)
  expect(await lease(first, 'a')).toBe('a')
  await turn()
  expect(closed).toEqual([])
})

const event = (done: number): JobEvent => ({
  type: 'progress',
  at: 0,
  progress: { phase: 'encode', unit: 'texts', done, total: 9, rate: 0, remaining: null },
})

/** Opens until it is told to end, and says how far it is. */
function slowResources() {
  const resources = leasedResources<string>(4, () => {}, { lingerMs: 30 })
  const openings: { emit(event: JobEvent): void; signal: AbortSignal; finish(): void }[] = []
  const lease = (holder: ReturnType<typeof request>) =>
    resources.lease(
      holder,
      'corpus',
      (opening) =>
        new Promise((resolve, reject) => {
          const number = openings.push({ ...opening, finish: () => resolve(`opening ${number}`) })
          opening.signal.addEventListener('abort', () => reject(new Error('stopped')))
        }),
    )
  return { resources, openings, lease }
}

it('opens once for all who wait, tells each how far it is, and goes on when the first one is cancelled', async () => {
  const { resources, openings, lease } = slowResources()
  const [first, second] = [request(), request()]
  const [one, two] = [lease(first), lease(second)]
  openings[0].emit(event(1))
  first.cancel()
  await expect(one).rejects.toMatchObject({ code: 'CANCELLED' })
  resources.release(first)
  openings[0].emit(event(2))
  await new Promise((resolve) => setTimeout(resolve, 60))
  openings[0].finish()
  expect(await two).toBe('opening 1')
  expect(first.said).toEqual([event(1)])
  expect(second.said).toEqual([event(1), event(2)])
})

it('stops an opening that nobody waits for any more, but not at once', async () => {
  const { resources, openings, lease } = slowResources()
  const first = request()
  const one = lease(first)
  first.cancel()
  await expect(one).rejects.toMatchObject({ code: 'CANCELLED' })
  resources.release(first)
  // The next key comes soon enough.
  const second = request()
  const two = lease(second)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(openings).toHaveLength(1)
  expect(openings[0].signal.aborted).toBe(false)
  second.cancel()
  await expect(two).rejects.toMatchObject({ code: 'CANCELLED' })
  resources.release(second)
  await expect.poll(() => openings[0].signal.aborted).toBe(true)
  // Whoever comes later opens anew.
  const third = lease(request())
  expect(openings).toHaveLength(2)
  openings[1].finish()
  expect(await third).toBe('opening 2')
})
