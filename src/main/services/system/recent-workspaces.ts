import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../../files/atomic-write'
import { type Environment, personFolder } from './person-folder'

/** Workspaces offered again. */
const MOST_RECENT = 8

/** The list with this workspace at its head, each once. */
export function withRecent(recent: readonly string[], workspace: string): string[] {
  return [workspace, ...recent.filter((one) => one !== workspace)].slice(0, MOST_RECENT)
}

const recentSchema = z.object({ version: z.literal(1), recent: z.array(z.string()) })

export interface RecentWorkspaces {
  /** The one that was opened last first. */
  list(): Promise<readonly string[]>
  /** Puts a workspace first. */
  opened(workspace: string): Promise<void>
}

/** What cannot be read counts as nothing, and what cannot be written is not worth a word: it is only comfort. */
export function recentWorkspaces(file: string): RecentWorkspaces {
  const list = async () => {
    try {
      return recentSchema.parse(JSON.parse(await readFile(file, 'utf8'))).recent
    } catch {
      return []
    }
  }
  return {
    list,
    async opened(workspace) {
      const state = { version: 1, recent: withRecent(await list(), workspace) }
      await writeFileAtomic(file, `${JSON.stringify(state, null, 2)}\n`).catch(() => undefined)
    },
  }
}

/** The file of what belongs to a person and to no workspace. */
export function recentFile(environment: Environment, platform?: NodeJS.Platform): string {
  return join(personFolder('config', environment, platform), 'workspaces.json')
}
