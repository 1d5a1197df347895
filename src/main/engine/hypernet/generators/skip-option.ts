import { z } from 'zod'

/** The skip connection as every generator offers it. */
export function skipOption(value: boolean, how: string) {
  return z.boolean().default(value).describe(`The bias by linear maps of the centred card${how}.`)
}
