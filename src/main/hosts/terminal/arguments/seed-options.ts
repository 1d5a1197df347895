import { LARGEST_SEED } from '../../../../shared/schemas/run'
import { wholeNumber } from './option-values'

/** For commands that draw a hold-out. */
export const SPLIT_SEED = {
  value: 'N',
  description: 'draws which tasks are held out, and nothing else; the seed unless said',
} as const

export function seedOf(text: string | undefined, option: string): number | undefined {
  return wholeNumber(text, option, 0, LARGEST_SEED)
}
