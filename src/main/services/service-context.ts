import type { OperationSession } from '../jobs/processes/operation-session'
import type { JobQueue } from '../jobs/queue/job-queue'
import type { Preparations } from './preparations'
import type { RunIndex } from './runs/run-index'

/** `electron`: the desktop window; `web`: the browser; `api`: programs; `terminal`: a command. */
export type HostKind = 'electron' | 'web' | 'api' | 'terminal'

/** `write` needs the workspace's lock and may start jobs; `read` works beside any writer. */
export type WorkspaceMode = 'read' | 'write'

/** Other workspaces, where the host serves several side by side. */
export interface OtherWorkspaces {
  /** Folders that were opened, the last one first. */
  recent(): Promise<readonly string[]>
  /** Opens one, or makes it, and answers its address, with its key. */
  open(folder: string): Promise<string>
}

/** What every namespace of the contract works with. */
export interface ServiceContext {
  readonly workspace: string
  readonly appRoot: string
  readonly host: HostKind
  readonly mode: WorkspaceMode
  readonly version: string
  readonly now: () => Date
  readonly queue: JobQueue
  readonly session: OperationSession
  readonly preparations: Preparations
  /** Shows a file in its folder, where there is a desktop. */
  readonly reveal?: (path: string) => void
  readonly workspaces?: OtherWorkspaces
  readonly runIndex: RunIndex
  readonly workerScript: string | undefined
}
