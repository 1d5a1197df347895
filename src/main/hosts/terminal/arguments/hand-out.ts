import { HAND_OUT_CHOICES, type HandOutChoice } from '../../../../shared/handed-heads'
import { usageError } from './usage-error'

/** `task card`, as one types it. */
const typed = (choice: HandOutChoice) => choice.replaceAll(' ', '-')
const NAMES = HAND_OUT_CHOICES.map(typed)

export const HAND_OUT_OPTION = {
  description: `which head: ${NAMES[0]}, what the run chose on dev for this card (default), or ${NAMES.slice(1).join(', ')}`,
  value: 'HEAD',
} as const

export function readHandOut(text: string | undefined): HandOutChoice {
  const found = HAND_OUT_CHOICES.find((choice) => typed(choice) === (text ?? NAMES[0]))
  if (found) return found
  throw usageError(`--hand-out as one of ${NAMES.join(', ')}`, text ?? '')
}
