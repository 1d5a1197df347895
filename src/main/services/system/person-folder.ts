import { homedir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** By platform: the variable that names the folder, if any does, and where it is in the home folder. */
const PLACES = {
  config: {
    win32: ['APPDATA', 'AppData/Roaming'],
    darwin: ['XDG_CONFIG_HOME', 'Library/Application Support'],
    other: ['XDG_CONFIG_HOME', '.config'],
  },
  data: {
    win32: ['LOCALAPPDATA', 'AppData/Local'],
    darwin: [null, 'Library/Application Support'],
    other: ['XDG_DATA_HOME', '.local/share'],
  },
} as const

/** Where a program keeps what belongs to a person, as the platform has it: its settings, or its data. */
export function personFolder(
  of: keyof typeof PLACES,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const known = platform === 'win32' || platform === 'darwin' ? platform : 'other'
  const [variable, place] = PLACES[of][known]
  return join((variable && environment[variable]) || join(home, place), 'hydra-workbench')
}
