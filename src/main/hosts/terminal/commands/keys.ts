import { removeKey, setKey } from '../../../services/system/keys'
import { type CommandGroup, defineCommand } from '../arguments/command'

const name = { description: 'as --key-env of `hydra models add` has it' }

const set = defineCommand({
  description: 'put the key of a service into the keychain of this system, read from standard input',
  arguments: { name },
  mode: 'read',
  async run({ args, terminal, signal }) {
    await setKey(args.name, await terminal.secret(`Key for ${args.name}: `, signal))
    return {
      json: { name: args.name, from: 'keychain' },
      text: () => `${args.name} is in the keychain. A variable of that name in the environment comes first.`,
    }
  },
})

const remove = defineCommand({
  description: 'delete a key from the keychain of this system',
  arguments: { name },
  mode: 'read',
  async run({ args }) {
    const removed = await removeKey(args.name)
    return {
      json: { name: args.name, removed },
      text: () => (removed ? `${args.name} is gone.` : `The keychain has no ${args.name}.`),
    }
  },
})

export const keys: CommandGroup = {
  description: 'keys of services in the keychain of this system',
  commands: { set, remove },
}
