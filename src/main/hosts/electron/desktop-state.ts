import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { withRecent } from '../../services/system/recent-workspaces'
import { windowPlaceSchema } from './window-place'

const desktopStateSchema = z.object({
  version: z.literal(1),
  window: windowPlaceSchema.nullable(),
  /** Workspaces that were opened, the last one first. */
  recent: z.array(z.string()),
})
type DesktopState = z.infer<typeof desktopStateSchema>

const NOTHING: DesktopState = { version: 1, window: null, recent: [] }

/** What the application remembers of itself, in the user's data folder: nothing of a workspace. */
export interface KeptState {
  readonly current: DesktopState
  keep(change: Partial<Pick<DesktopState, 'window' | 'recent'>>): void
  /** Puts a workspace first. */
  opened(workspace: string): void
}

/** What cannot be read counts as nothing, and what cannot be written is not worth a word: it is only comfort. */
export function openDesktopState(folder: string): KeptState {
  const file = join(folder, 'desktop.json')
  let current = read(file)
  const keep: KeptState['keep'] = (change) => {
    current = { ...current, ...change }
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${file}.new`, `${JSON.stringify(current, null, 2)}\n`)
      renameSync(`${file}.new`, file)
    } catch {
      // Windows are closed at once: there is nobody left to tell.
    }
  }
  return {
    get current() {
      return current
    },
    keep,
    opened: (workspace) => keep({ recent: withRecent(current.recent, workspace) }),
  }
}

function read(file: string): DesktopState {
  try {
    return desktopStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return NOTHING
  }
}
