import { describe, expect, it } from 'vitest'
import type { Client } from '../../../src/renderer/api/client'
import { useAgreement } from '../../../src/renderer/api/use-agreement'
import type { RemoteCost } from '../../../src/shared/schemas/model'
import { waitUntil } from '../../wait-until'

const COST: RemoteCost = { service: 'made', texts: 7, tokens: 70, price: 0.1, words: '7 texts' }
const about = { encoder: 'made', tasks: ['a'] }

function agreementOn(cost: RemoteCost | null) {
  return useAgreement({ models: { cost: async () => cost } } as unknown as Pick<Client, 'models'>)
}

describe('before a service is sent texts', () => {
  it.each([true, false])('a person is asked, and answers %s', async (answer) => {
    const agreement = agreementOn(COST)
    const before = agreement.before(about)
    await waitUntil(() => agreement.asked.value !== null)
    expect(agreement.asked.value).toEqual(COST)
    agreement.answer(answer)
    expect(await before).toEqual(answer ? { context: { agreed: true } } : null)
    expect(agreement.asked.value).toBeNull()
  })

  it('nobody is asked where all was sent before, or where there is no service', async () => {
    expect(await agreementOn({ ...COST, texts: 0 }).before(about)).toEqual({ context: { agreed: true } })
    expect(await agreementOn(null).before(about)).toEqual({ context: {} })
  })
})
