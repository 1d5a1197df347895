import { z } from 'zod'
import type { OptionDescription } from '../../../shared/schemas/registry'

/** The parts of a JSON Schema that options are written in. */
interface Described {
  readonly type?: string
  readonly description?: string
  readonly group?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Described[]
  readonly items?: Described
  readonly properties?: Readonly<Record<string, Described>>
}

/**
 * The options of a variant as data. Objects inside it become options with a dot in their name, so that each is one
 * field of a form and one flag; their defaults come from the object's own.
 */
export function describeOptions(schema: z.ZodType): OptionDescription[] {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described
  return flatten('', described)
}

function flatten(prefix: string, { properties = {}, default: whole }: Described): OptionDescription[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = prefix + key
    const own =
      field.default === undefined && isRecord(whole) && key in whole
        ? { ...field, default: whole[key] }
        : field
    return own.properties ? flatten(`${name}.`, own) : [describeOption(name, own)]
  })
}

function describeOption(name: string, field: Described): OptionDescription {
  const alternatives = field.anyOf ?? []
  const nullable = alternatives.some(({ type }) => type === 'null')
  const values = alternatives.filter(({ type }) => type !== 'null')
  const value = values.length === 1 ? values[0] : field
  const type = typeOf(value)
  const choices = type === 'choices' ? value.items?.enum : type === 'choice' ? wordsOf(value) : null
  const isNumber = type === 'number' || type === 'integer'
  return {
    name,
    type,
    ...(field.default === undefined ? {} : { default: field.default }),
    description: sentence(field.description ?? value.description ?? ''),
    ...(field.group === undefined ? {} : { group: field.group }),
    min: isNumber ? finite(value.minimum ?? value.exclusiveMinimum) : null,
    max: isNumber ? finite(value.maximum) : null,
    above: isNumber && value.exclusiveMinimum !== undefined && value.minimum === undefined,
    nullable,
    choices: choices ? choices.map(String) : null,
  }
}

function typeOf(value: Described): OptionDescription['type'] {
  if (wordsOf(value)) return 'choice'
  switch (value.type) {
    case 'number':
      return 'number'
    case 'integer':
      return 'integer'
    case 'boolean':
      return 'flag'
    case 'string':
      return 'text'
    case 'array':
      return listOf(value.items ?? {})
    default:
      return 'json'
  }
}

function listOf(item: Described): OptionDescription['type'] {
  if (item.enum) return 'choices'
  if (item.type === 'string') return 'texts'
  return item.type === 'number' || item.type === 'integer' ? 'numbers' : 'json'
}

/** Descriptions are written as a clause or as sentences; people see sentences. */
function sentence(text: string): string {
  if (text === '') return ''
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase()) + (/[.!?]$/.test(text) ? '' : '.')
}

/** The words of an enumeration, however it is written: an enum, or a union of literals. */
function wordsOf(value: Described): readonly unknown[] | null {
  if (value.enum) return value.enum
  const literals = value.anyOf?.filter((one) => one.type !== 'null') ?? []
  return literals.length > 1 && literals.every((one) => one.const !== undefined)
    ? literals.map((one) => one.const)
    : null
}

/** zod writes the bounds of a safe integer where none were given. */
function finite(bound: number | undefined): number | null {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
