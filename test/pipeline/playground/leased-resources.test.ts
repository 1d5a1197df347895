import { expect, it } from 'vitest'
import { leasedResources } from '../../../src/main/pipeline/playground/leased-resources'

const turn = () => new Promise((resolve) => setImmediate(resolve))

function openResources(most: number) {
  const closed: string[] = []
  const resources = leasedResources<string>(most, (name) => closed.push(name))
  const lease = (holder: object, name: string) => resources.lease(holder, name, async () => name)
  return { closed, lease, resources }
}

it('closes what is evicted when nobody holds it', async () => {
  const { closed, lease, resources } = openResources(1)
  const first = {}
  await lease(first, 'a')
  resources.release(first)
  await turn()
  expect(closed).toEqual([])
  await lease({}, 'b')
  await turn()
  expect(closed).toEqual(['a'])
})

it('does not close what is evicted while a request holds it, but when the last one ends', async () => {
  const { closed, lease, resources } = openResources(1)
  const [first, second, third] = [{}, {}, {}]
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
  const lease = (holder: object, name: string) => resources.lease(holder, name, async () => ++opened)
  const [first, second] = [{}, {}]
  await lease(first, 'a')
  await lease({}, 'b')
  await lease(second, 'a')
  resources.release(first)
  await turn()
  // Number 2 is still held; number 3 is the cached one.
  expect(closed).toEqual([1])
})

it('closes what was evicted before it was open as soon as it is', async () => {
  const closed: string[] = []
  const resources = leasedResources<string>(1, (name) => closed.push(name))
  const first = {}
  let finish = () => {}
  const opening = resources.lease(
    first,
    'a',
    () =>
      new Promise((resolve) => {
        finish = () => resolve('a')
      }),
  )
  await resources.lease({}, 'b', async () => 'b')
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
  const first = {}
  const failing = resources.lease(first, 'a', () => Promise.reject(new Error('busy')))
  await expect(failing).rejects.toThrow('busy')
  resources.release(first)
  expect(await lease(first, 'a')).toBe('a')
  await turn()
  expect(closed).toEqual([])
})
