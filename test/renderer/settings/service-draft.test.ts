import { describe, expect, it } from 'vitest'
import { blankService, isComplete, serviceOf } from '../../../src/renderer/settings/service-draft'
import { addModelSchema } from '../../../src/shared/schemas/model'

const draft = { ...blankService(), address: ' https://host/v1 ', model: 'made' }

describe('the form of a service', () => {
  it('gives what the contract takes, whatever is left empty', () => {
    const { source, service } = addModelSchema.parse(serviceOf(draft))
    expect(source).toBe('https://host/v1')
    expect(service).toMatchObject({ api: 'openai', model: 'made', keyEnv: null, price: null })
    const full = serviceOf({ ...draft, keyEnv: ' A_KEY ', price: '0.02' })
    expect(addModelSchema.parse(full).service).toMatchObject({ keyEnv: 'A_KEY', price: 0.02 })
  })

  it('leaves it to the contract to refuse a key in place of its variable', () => {
    expect(addModelSchema.safeParse(serviceOf({ ...draft, keyEnv: 'sk-a-key' })).success).toBe(false)
  })

  it.each([
    [draft, true],
    [{ ...draft, model: '' }, false],
    [{ ...draft, api: 'tei', model: '' } as const, true],
    [{ ...draft, address: 'host/v1' }, false],
    [{ ...draft, price: '0.02' }, true],
    [{ ...draft, price: 'little' }, false],
    [{ ...draft, price: '-1' }, false],
  ])('can be sent once all is there: %#', (one, complete) => {
    expect(isComplete(one)).toBe(complete)
  })
})
