import type { OptionDescription } from './schemas/registry'

/** A value as it is written after `--set`: `none`, `on`, `bm25,dense`. */
export function optionValue(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function optionDefault(option: OptionDescription): string {
  return option.default === undefined ? '' : optionValue(option.default)
}

/** Which values an option takes: `0 to 1`, `above 0`, `query, both or separate`, `on or off`. */
export function optionRange(option: OptionDescription): string {
  const range = rangeOf(option)
  return option.nullable ? `${range} or none` : range
}

function rangeOf({ type, choices, min, max, above }: OptionDescription): string {
  switch (type) {
    case 'choice':
      return or(choices ?? [])
    case 'choices':
      return `some of ${(choices ?? []).join(', ')}`
    case 'flag':
      return 'on or off'
    case 'text':
      return 'text'
    case 'texts':
      return 'texts, by commas'
    case 'numbers':
      return 'numbers, by commas'
    case 'json':
      return 'JSON'
    default: {
      const kind = type === 'integer' ? 'whole ' : ''
      if (min === null && max === null) return `${kind}number`
      if (max === null) return `${kind}${above ? 'above' : 'from'} ${figure(min!)}`
      if (min === null) return `${kind}at most ${figure(max)}`
      return `${kind}${above ? `above ${figure(min)}, at most` : `${figure(min)} to`} ${figure(max)}`
    }
  }
}

function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 }).replace('-', '−')
}

function or(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
