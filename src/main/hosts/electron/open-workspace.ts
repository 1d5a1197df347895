import { createRouterClient } from '@orpc/server'
import { openWorkbench, type Workbench } from '../../services/open-workbench'
import { pauseTrainings } from './leaving'

/** The workspace that the application has open: one at a time, the lock held. */
export interface OpenWorkspace {
  readonly folder: string
  readonly router: Workbench['router']
  /** What the menu calls, in this process. */
  readonly client: ReturnType<typeof clientOf>
  /** Opens another one instead. Where it cannot be opened, the present one is opened again and the reason thrown. */
  change(folder: string): Promise<void>
  /** Trainings are paused, other work is cancelled; resolves when both say so on disk. */
  close(): Promise<void>
}

/** @param reveal shows a file in its folder */
export async function openWorkspace(
  appRoot: string,
  first: string,
  reveal: (file: string) => void,
): Promise<OpenWorkspace> {
  const open = (workspace: string) =>
    openWorkbench({ workspace, appRoot, host: 'electron', mode: 'write', now: () => new Date(), reveal })
  let folder = first
  let workbench = await open(folder)
  let client = clientOf(workbench)
  const take = (opened: Workbench, from: string) => {
    workbench = opened
    client = clientOf(opened)
    folder = from
  }
  const close = async () => {
    await pauseTrainings(client.jobs)
    await workbench.close()
  }
  return {
    get folder() {
      return folder
    },
    get router() {
      return workbench.router
    },
    get client() {
      return client
    },
    async change(next) {
      await close()
      try {
        take(await open(next), next)
      } catch (error) {
        take(await open(folder), folder)
        throw error
      }
    },
    close,
  }
}

function clientOf(workbench: Workbench) {
  return createRouterClient(workbench.router)
}
