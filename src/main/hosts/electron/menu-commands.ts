import { type BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron'
import type { MenuCommands } from './application-menu'
import { cardRoute } from './card-file'
import type { KeptState } from './desktop-state'
import { askHowToLeave, liveJobs } from './leaving'
import type { OpenWorkspace } from './open-workspace'
import { showFailure } from './show-failure'

/** Leads the page to a route; `anew`: it is loaded again, since all it shows is of another workspace. */
export type Go = (route: string, anew?: boolean) => void

/** @param changed the menu is set again, since it names the workspaces that were open before */
export function menuCommands(
  window: BrowserWindow,
  workspace: OpenWorkspace,
  state: KeptState,
  go: Go,
  changed: () => void,
): MenuCommands {
  const choose = async (options: OpenDialogOptions): Promise<string | null> => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
    return canceled ? null : (filePaths[0] ?? null)
  }
  /** What a command cannot do it says; nothing is thrown into the menu. */
  const command = (act: () => Promise<void>) => () => void act().catch(showFailure)

  async function openWorkspace(folder: string): Promise<void> {
    if (folder === workspace.folder) return
    const live = await liveJobs(workspace.client.jobs)
    const ask = () => askHowToLeave(live, 'switch', (options) => dialog.showMessageBox(window, options))
    if (live.length > 0 && (await ask()) === 'stay') return
    try {
      await workspace.change(folder)
      state.opened(folder)
    } finally {
      changed()
      go('/', true)
    }
  }
  async function importDataset(options: OpenDialogOptions): Promise<void> {
    const source = await choose(options)
    if (source === null) return
    const { job } = await workspace.client.datasets.import({ source })
    go(`/jobs/${job}`)
  }

  return {
    go: (route) => go(route),
    back: () => window.webContents.navigationHistory.goBack(),
    forward: () => window.webContents.navigationHistory.goForward(),
    openWorkspace: command(async () => {
      const folder = await choose({
        title: 'Open Workspace',
        properties: ['openDirectory', 'createDirectory'],
      })
      if (folder !== null) await openWorkspace(folder)
    }),
    openRecent: (folder) => void openWorkspace(folder).catch(showFailure),
    showWorkspace: command(async () => {
      await shell.openPath(workspace.folder)
    }),
    importFile: command(() =>
      importDataset({
        title: 'Import Dataset',
        properties: ['openFile'],
        filters: [{ name: 'BEIR archive', extensions: ['zip'] }],
      }),
    ),
    importFolder: command(() => importDataset({ title: 'Import Dataset', properties: ['openDirectory'] })),
    importCard: command(async () => {
      const file = await choose({
        title: 'Import Card',
        properties: ['openFile'],
        filters: [{ name: 'Task card', extensions: ['hydracard', 'json', 'yaml', 'yml', 'md'] }],
      })
      if (file !== null) go(cardRoute(file))
    }),
  }
}
