import { app, type BrowserWindow, dialog, Notification } from 'electron'
import { listenForInterrupts } from '../listen-for-interrupts'
import { askHowToLeave, liveJobs, untilIdle } from './leaving'
import type { OpenWorkspace } from './open-workspace'
import { showFailure } from './show-failure'

/**
 * Every way out (menu, window, system, signal) ends here: what runs is asked about, paused or finished, and says so on disk
 * before the application goes. A signal asks nobody.
 */
export function quitWithCare(workspace: OpenWorkspace, window: BrowserWindow): void {
  let done = false
  let asking = false
  /** The last attempt counts: who quits again while work is finished in the background is asked again. */
  let attempt = 0

  async function leave(ask: boolean): Promise<void> {
    const mine = ++attempt
    const { jobs } = workspace.client
    const live = await liveJobs(jobs)
    if (ask && live.length > 0) {
      const how = await askHowToLeave(live, 'quit', (options) => dialog.showMessageBox(window, options))
      if (how === 'stay') {
        window.show()
        return
      }
      if (how === 'background') {
        window.hide()
        await untilIdle(jobs)
        if (mine !== attempt || window.isVisible()) return
        new Notification({ title: 'Hydra Workbench', body: `${live[0].title} has ended.` }).show()
      }
    }
    try {
      await workspace.close()
    } finally {
      done = true
      app.quit()
    }
  }

  app.on('before-quit', (event) => {
    if (done) return
    event.preventDefault()
    if (asking) return
    asking = true
    void leave(true)
      .catch(showFailure)
      .finally(() => {
        asking = false
      })
  })
  window.on('close', (event) => {
    if (done) return
    event.preventDefault()
    app.quit()
  })
  window.on('hide', () => {
    asking = false
  })
  const unlisten = listenForInterrupts(() => void leave(false).catch(showFailure))
  app.once('will-quit', unlisten)
}
