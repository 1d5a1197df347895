import { isContractProcedure } from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import { isRepeatable } from '../../../src/renderer/api/changing-calls'
import { contract } from '../../../src/shared/contract'

/** Every procedure of a router by its path, with the effect that it states. */
function effectsOf(router: object, path: readonly string[] = []): [path: string, effect: unknown][] {
  if (isContractProcedure(router)) return [[path.join('.'), router['~orpc'].meta.effect]]
  return Object.entries(router).flatMap(([name, part]) => effectsOf(part, [...path, name]))
}

const effects = effectsOf(contract)

describe('the effect of a call', () => {
  it('is stated by every procedure of the contract', () => {
    expect(effects.length).toBeGreaterThan(40)
    const silent = effects.filter(
      ([, effect]) => !['reads', 'idempotent', 'changes'].includes(effect as string),
    )
    expect(silent).toEqual([])
  })

  it('is known to the window exactly', () => {
    const wrong = effects.filter(([path, effect]) => isRepeatable(path.split('.')) !== (effect !== 'changes'))
    expect(wrong).toEqual([])
  })

  it.each([
    ['runs.resume', false],
    ['cards.save', false],
    ['runs.list', true],
    ['jobs.pause', true],
  ])('lets %s be repeated: %s', (path, repeatable) => {
    expect(isRepeatable(path.split('.'))).toBe(repeatable)
  })
})
