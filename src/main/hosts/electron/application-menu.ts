import { Menu, type MenuItemConstructorOptions } from 'electron'

/** What the menu does beside the platform's own roles. */
export interface MenuCommands {
  go(route: string): void
  back(): void
  forward(): void
  openWorkspace(): void
  openRecent(workspace: string): void
  showWorkspace(): void
  importFile(): void
  importFolder(): void
  importCard(): void
}

/** The rail's pages in its order: a test holds the two together. */
const PAGES = [
  ['Home', '/', 'CmdOrCtrl+1'],
  ['Datasets', '/datasets', 'CmdOrCtrl+2'],
  ['Cards', '/cards', 'CmdOrCtrl+3'],
  ['Teachers', '/teachers', 'CmdOrCtrl+4'],
  ['Train', '/train', 'CmdOrCtrl+5'],
  ['Runs', '/runs', 'CmdOrCtrl+6'],
  ['Compare', '/compare', 'CmdOrCtrl+7'],
  ['Playground', '/playground', 'CmdOrCtrl+8'],
  ['Export', '/export', 'CmdOrCtrl+9'],
  ['Settings', '/settings', 'CmdOrCtrl+,'],
] as const

/** The menu as data. `recent`: workspaces opened before, without the present one. */
export function menuTemplate(
  platform: NodeJS.Platform,
  commands: MenuCommands,
  recent: readonly string[],
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const separator = { type: 'separator' } as const
  const item = (label: string, click: () => void, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => click(),
    ...(accelerator ? { accelerator } : {}),
  })
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('Open Workspace…', commands.openWorkspace, 'CmdOrCtrl+O'),
        {
          label: 'Open Recent',
          enabled: recent.length > 0,
          submenu: recent.map((workspace) => item(workspace, () => commands.openRecent(workspace))),
        },
        item('Show Workspace in Folder', commands.showWorkspace),
        separator,
        item('Import Dataset…', commands.importFile, 'CmdOrCtrl+Shift+O'),
        item('Import Dataset from Folder…', commands.importFolder),
        item('Import Card…', commands.importCard),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: [
        item('Back', commands.back, mac ? 'Cmd+[' : 'Alt+Left'),
        item('Forward', commands.forward, mac ? 'Cmd+]' : 'Alt+Right'),
        separator,
        ...PAGES.map(([title, route, key]) => item(title, () => commands.go(route), key)),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
  ]
}

export function setApplicationMenu(...about: Parameters<typeof menuTemplate>): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(...about)))
}
