import { Command, type ErrorOptions, type HelpContext } from 'commander'
import { usageError } from './usage-error'

/** A command of commander that throws each of its complaints as a usage error of the catalogue. */
export class CodedCommand extends Command {
  constructor(name?: string) {
    super(name)
    // `--help` is the one way to ask for help, and the process is not commander's to end.
    this.helpCommand(false).exitOverride()
  }

  override createCommand(name?: string): CodedCommand {
    return new CodedCommand(name)
  }

  /** `hydra datasets import` */
  get path(): string {
    const { parent } = this
    return parent instanceof CodedCommand ? `${parent.path} ${this.name()}` : this.name()
  }

  /** Commander shows the help of a group, as an error, where the words end at it. */
  override help(context?: unknown): never {
    const { error } = (context ?? {}) as Partial<HelpContext>
    if (error) this.error('none', { code: 'commander.unknownCommand' })
    return super.help(context as HelpContext)
  }

  override error(message: string, { code }: ErrorOptions = {}): never {
    const [got, suggestion] = message.replace(/^error: /, '').split('\n')
    // Of words too many commander says how many; which ones says more.
    const shown = code === 'commander.excessArguments' ? this.args.map((word) => `“${word}”`).join(' ') : got
    throw usageError(this.#expected(code), shown, suggestion?.replace(/^\((.*)\)$/, '$1'))
  }

  #expected(code: string | undefined): string {
    switch (code) {
      case 'commander.unknownCommand':
        return `a command: ${this.commands.map((command) => command.name()).join(', ')}`
      case 'commander.unknownOption':
        return `one of ${this.options.map(({ long }) => long).join(' ')}`
      case 'commander.optionMissingArgument':
        return 'a value after the option'
      case 'commander.conflictingOption':
        return 'one of the two'
      default: {
        const needed = this.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags)
        return [this.path, this.usage(), ...needed].join(' ')
      }
    }
  }
}
