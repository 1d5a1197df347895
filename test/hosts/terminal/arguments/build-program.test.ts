import { CommanderError } from 'commander'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { buildProgram } from '../../../../src/main/hosts/terminal/arguments/build-program'
import {
  type AnyArgs,
  type CommandGroup,
  defineCommand,
  defineServingCommand,
} from '../../../../src/main/hosts/terminal/arguments/command'
import { toHydraError } from '../../../../src/shared/errors'

const answer = async () => ({ json: null, text: () => '' })

const root: CommandGroup = {
  description: 'a root',
  commands: {
    train: defineCommand({
      description: 'train',
      options: {
        tasks: { required: true, value: 'a,b', description: 'tasks' },
        set: { repeatable: true, value: 'NAME=VALUE', description: 'settings' },
        'hold-out': { choices: ['strict', 'loose'], value: 'MODE', description: 'mode' },
        head: { value: 'NAME', description: 'a head' },
        share: { value: 'X', description: 'a number' },
        quick: { description: 'a flag' },
      },
      variants: { head: 'head' },
      mode: 'read',
      run: answer,
    }),
    datasets: {
      description: 'a group',
      commands: {
        import: defineCommand({
          description: 'import',
          arguments: { source: { description: 'a folder' } },
          options: { id: { value: 'ID', description: 'an id' } },
          mode: 'read',
          run: answer,
        }),
        lint: defineCommand({
          description: 'lint',
          arguments: { ids: { optional: true, many: true, description: 'ids' } },
          options: {
            one: { value: 'A', description: 'one', conflicts: ['other'] },
            other: { value: 'B', description: 'another' },
          },
          mode: 'read',
          run: answer,
        }),
      },
    },
    serve: defineServingCommand({
      description: 'serve',
      options: { open: { description: 'open it', negation: 'leave it' } },
      serve: async () => 0,
    }),
  },
}

/** What comes of a command line. */
async function read(...words: string[]) {
  const seen = { printed: '', path: 'hydra', asked: [] as string[] }
  let args: AnyArgs | undefined
  let description: string | undefined
  const program = buildProgram(root, {
    words,
    version: '1.2.3',
    columns: 80,
    variantNames: async (kind) => {
      seen.asked.push(kind)
      return ['residual', 'film']
    },
    print: (text) => {
      seen.printed += text
    },
    reach: (path) => {
      seen.path = path
    },
    act: async (command, given) => {
      description = command.description
      args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    },
  })
  const thrown: unknown = await program.parseAsync(words, { from: 'user' }).then(
    () => undefined,
    (error) => error,
  )
  const error = thrown === undefined || thrown instanceof CommanderError ? undefined : toHydraError(thrown)
  return {
    ...seen,
    args,
    description,
    error,
    exit: thrown instanceof CommanderError ? thrown.exitCode : undefined,
  }
}

describe('a command line that is understood', () => {
  it.each([
    ['train --tasks a', { tasks: 'a' }],
    ['train --tasks=a=b', { tasks: 'a=b' }],
    ['train --tasks a --tasks b', { tasks: 'b' }],
    ['train --tasks a --quick', { tasks: 'a', quick: true }],
    ['train --tasks a --hold-out loose', { tasks: 'a', 'hold-out': 'loose' }],
    // Repeatable: every value counts, and the word after one is no value.
    ['train --set a=1 --tasks a --set=b=2 --set c=-3', { tasks: 'a', set: ['a=1', 'b=2', 'c=-3'] }],
    // Negative numbers and single dashes are values.
    ['train --tasks a --share -0.5', { tasks: 'a', share: '-0.5' }],
    ['train --tasks - --share -1e-3', { tasks: '-', share: '-1e-3' }],
    ['train --tasks -x', { tasks: '-x' }],
    ['train --tasks=--json', { tasks: '--json' }],
    ['datasets import folder --id x', { source: 'folder', id: 'x' }],
    ['datasets import --id x folder', { source: 'folder', id: 'x' }],
    ['datasets import -- --folder', { source: '--folder' }],
    ['datasets import --id x -- -h', { source: '-h', id: 'x' }],
    ['datasets lint', { ids: [] }],
    ['datasets lint a b --one 1', { ids: ['a', 'b'], one: '1' }],
    ['serve', {}],
    ['serve --open', { open: true }],
    ['serve --no-open', { open: false }],
  ])('%s', async (line, expected) => {
    const { args, error } = await read(...line.split(' '))
    expect(error).toBeUndefined()
    expect(args).toEqual(expected)
  })

  it.each([
    '--seed 3 --json --workspace w datasets lint a',
    'datasets --seed 3 --json --workspace w lint a',
    'datasets lint --seed 3 --json --workspace w a',
    '--seed 1 datasets --seed=2 --json lint a --seed 3 --workspace w',
  ])('takes global options before and after the command, the last one counts: %s', async (line) => {
    const { args } = await read(...line.split(' '))
    expect(args).toEqual({ ids: ['a'], seed: '3', json: true, workspace: 'w' })
  })

  it('leads to its command', async () => {
    expect(await read('datasets', 'lint')).toMatchObject({ path: 'hydra datasets lint', description: 'lint' })
  })
})

describe('a command line that is not understood', () => {
  it.each([
    ['nonsense', 'hydra', 'train'],
    ['toString', 'hydra', 'train'],
    ['datasets', 'hydra datasets', 'import, lint'],
    ['--json', 'hydra', 'train, datasets, serve'],
    ['datasets nonsense', 'hydra datasets', 'import, lint'],
    ['--nope datasets lint', 'hydra', '--workspace'],
    ['datasets lint --nope', 'hydra datasets lint', '--one --other --workspace --json --seed'],
    ['datasets lint -x', 'hydra datasets lint', '--one'],
    ['datasets import', 'hydra datasets import', '<SOURCE>'],
    ['datasets import a b', 'hydra datasets import', '<SOURCE>'],
    ['serve extra', 'hydra serve', 'hydra serve'],
    ['train', 'hydra train', '--tasks <a,b>'],
    ['train --tasks', 'hydra train', 'a value'],
    ['train --tasks --quick', 'hydra train', 'a value after --tasks'],
    ['train --tasks=', 'hydra train', 'a value after --tasks'],
    ['train --tasks -- a', 'hydra train', 'a value after --tasks'],
    ['train --tasks a --set --quick', 'hydra train', 'a value after --set'],
    ['train --seed --json --tasks a', 'hydra train', 'a value after --seed'],
    ['train --tasks a --hold-out both', 'hydra train', '--hold-out strict or loose'],
    ['datasets lint --one 1 --other 2', 'hydra datasets lint', 'one of the two'],
    ['train --tasks a --no-quick', 'hydra train', '--quick'],
  ])('%s', async (line, path, expected) => {
    const { args, error, printed, ...seen } = await read(...line.split(' '))
    expect(error?.code).toBe('USAGE')
    expect(error?.detail.expected).toContain(expected)
    expect(seen.path).toBe(path)
    // It does nothing, and it prints no usage.
    expect({ args, printed }).toEqual({ args: undefined, printed: '' })
  })

  it.each([
    ['datasets lint --jsno', '--json'],
    ['train --tasks a --quikc', '--quick'],
    ['trian --tasks a', 'train'],
    ['datasets limt', 'lint'],
  ])('%s: did you mean %s', async (line, meant) => {
    const { error } = await read(...line.split(' '))
    expect(error?.detail.remedy).toContain(meant)
  })

  it('names the words that came', async () => {
    const { error } = await read('datasets', 'import', 'scifact', '(1).zip')
    expect(error?.detail.got).toContain('scifact')
    expect(error?.detail.got).toContain('(1).zip')
  })
})

describe('the help', () => {
  it.each([
    ['--help', 'hydra [options] [command]'],
    ['-h', 'hydra [options] [command]'],
    ['datasets -h', 'hydra datasets [options] [command]'],
    ['datasets import --help', 'hydra datasets import [options] <SOURCE>'],
    ['datasets lint a -h', 'hydra datasets lint [options] [IDS...]'],
    // What is missing or too much does not keep it from being shown.
    ['train -h', 'hydra train [options]'],
    ['train a b --help', 'hydra train [options]'],
  ])('%s', async (line, usage) => {
    const { printed, exit, args } = await read(...line.split(' '))
    expect(printed.split('\n')[0]).toBe(`Usage: ${usage}`)
    expect({ exit, args }).toEqual({ exit: 0, args: undefined })
    for (const global of ['--workspace <DIR>', '--json', '--seed <N>']) expect(printed).toContain(global)
    for (const shown of printed.split('\n')) expect(shown.length).toBeLessThanOrEqual(80)
  })

  it('names the variants of a registry and the choices, and asks for them only then', async () => {
    const { printed, asked } = await read('train', '--help')
    expect(printed).toMatch(/--head <NAME> +a head: residual, film/)
    expect(printed).toMatch(/--hold-out <MODE> .*"strict", "loose"/)
    expect(asked).toEqual(['head'])
    expect((await read('--help')).asked).toEqual([])
    expect((await read('train', '--tasks', 'a')).asked).toEqual([])
  })

  it('is no command of its own', async () => {
    expect((await read('help')).error?.code).toBe('USAGE')
  })
})

it('prints the version', async () => {
  expect(await read('--version')).toMatchObject({ printed: '1.2.3\n', exit: 0 })
})

it('gives a command its arguments with their types', () => {
  defineCommand({
    description: '',
    arguments: { run: { description: '' }, ids: { many: true, description: '' } },
    options: {
      tasks: { required: true, value: 'a,b', description: '' },
      k: { value: 'K', description: '' },
      set: { repeatable: true, value: 'X', description: '' },
      over: { choices: ['queries', 'tasks'], value: 'X', description: '' },
      quick: { description: '' },
    },
    mode: 'read',
    run: async ({ args }) => {
      expectTypeOf(args.run).toEqualTypeOf<string>()
      expectTypeOf(args.ids).toEqualTypeOf<readonly string[]>()
      expectTypeOf(args.tasks).toEqualTypeOf<string>()
      expectTypeOf(args.k).toEqualTypeOf<string | undefined>()
      expectTypeOf(args.set).toEqualTypeOf<readonly string[] | undefined>()
      expectTypeOf(args.over).toEqualTypeOf<'queries' | 'tasks' | undefined>()
      expectTypeOf(args.quick).toEqualTypeOf<boolean | undefined>()
      expectTypeOf(args).not.toHaveProperty('nope')
      return answer()
    },
  })
})
