import { join } from 'node:path'
import type { Session } from 'electron'

/**
 * What the page hands out as a download (charts, tables, heads, cards) is written where a person says, in the platform's own
 * dialog, and shown there afterwards.
 */
export function saveDownloads(
  session: Pick<Session, 'on'>,
  folder: string,
  show: (file: string) => void,
): void {
  session.on('will-download', (_, item) => {
    item.setSaveDialogOptions({ title: 'Save', defaultPath: join(folder, item.getFilename()) })
    item.once('done', (_event, state) => {
      if (state === 'completed') show(item.getSavePath())
    })
  })
}
