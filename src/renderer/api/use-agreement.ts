import { type ShallowRef, shallowRef } from 'vue'
import type { RemoteCost } from '../../shared/schemas/model'
import type { CallContext } from './channel'
import { type Client, useClient } from './client'

export interface Agreement {
  /** What would be sent, while a person is asked. */
  readonly asked: Readonly<ShallowRef<RemoteCost | null>>
  /**
   * What the call says beside its arguments, once a person has agreed to its cost, or at once where nothing is to be sent; null where
   * they did not.
   */
  before(cost: Parameters<Client['models']['cost']>[0]): Promise<{ readonly context: CallContext } | null>
  answer(agreed: boolean): void
}

/** Asks before a service that encodes is sent a collection; `agree-dialog.vue` shows it. */
export function useAgreement(client: Pick<Client, 'models'> = useClient()): Agreement {
  const asked = shallowRef<RemoteCost | null>(null)
  let answered: (agreed: boolean) => void = () => undefined
  return {
    asked,
    async before(about) {
      const cost = await client.models.cost(about)
      if (cost === null) return { context: {} }
      if (cost.texts > 0) {
        asked.value = cost
        const agreed = await new Promise<boolean>((settle) => {
          answered = settle
        })
        if (!agreed) return null
      }
      return { context: { agreed: true } }
    },
    answer(agreed) {
      asked.value = null
      answered(agreed)
    },
  }
}
