import { decimalNumber } from '../../../../shared/decimal-number'
import type { OptionDescription } from '../../../../shared/schemas/registry'
import { usageError } from './usage-error'

/** @param example of such an assignment after the option, for the error */
export function splitAssignment(
  assignment: string,
  example = 'learningRate=3e-4',
  option = '--set',
): [path: string, text: string] {
  const at = assignment.indexOf('=')
  if (at > 0) return [assignment.slice(0, at).trim(), assignment.slice(at + 1).trim()]
  throw usageError(`a setting and its value, such as ${option} ${example}`, `${option} ${assignment}`)
}

/** The value of `--set NAME=VALUE`, read by the type of the option that it is for. */
export function readOptionValue(option: OptionDescription, text: string, assignment: string): unknown {
  if (option.nullable && (text === 'none' || text === 'null')) return null
  const items = () => (text === '' ? [] : text.split(',').map((part) => part.trim()))
  switch (option.type) {
    case 'number':
    case 'integer':
      return readNumber(text, assignment)
    case 'numbers':
      return items().map((item) => readNumber(item, assignment))
    case 'flag':
      if (['true', 'on', 'yes'].includes(text)) return true
      if (['false', 'off', 'no'].includes(text)) return false
      throw usageError(`${option.name} on or off`, `--set ${assignment}`)
    case 'choices':
    case 'texts':
      return items()
    case 'json':
      return readJson(text, assignment)
    default:
      return text
  }
}

function readNumber(text: string, assignment: string): number {
  const value = decimalNumber(text)
  if (value !== null) return value
  throw usageError('a number', `--set ${assignment}`)
}

function readJson(text: string, assignment: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw usageError('JSON', `--set ${assignment}`)
  }
}
