import type { RemoteService } from '../../shared/schemas/model'

/** What the form asks of a service that encodes, as it stands in its fields. */
export interface ServiceDraft {
  address: string
  api: RemoteService['api']
  model: string
  keyEnv: string
  price: string
}

export const blankService = (): ServiceDraft => ({
  address: '',
  api: 'openai',
  model: '',
  keyEnv: '',
  price: '',
})

/**
 * What is added: the rest is the service's own, as it is where the command line says nothing. Width and identity are measured by the
 * adding itself, and the contract's schema judges what was typed.
 */
export function serviceOf(draft: ServiceDraft): { source: string; service: Omit<RemoteService, 'url'> } {
  const { address, api, model, keyEnv, price } = draft
  const said = (text: string) => text.trim() || null
  return {
    source: address.trim(),
    service: {
      api,
      model: said(model),
      dimensions: null,
      types: { query: null, document: null },
      longest: null,
      keyEnv: said(keyEnv),
      price: said(price) === null ? null : Number(price),
    },
  }
}

/** Whether all is there without which nothing can be added: an address, and where several models may be served the name of one. */
export function isComplete({ address, api, model, price }: ServiceDraft): boolean {
  return (
    /^https?:\/\/\S+$/i.test(address.trim()) &&
    (api === 'tei' || model.trim() !== '') &&
    /^(\d+(\.\d+)?)?$/.test(price.trim())
  )
}
