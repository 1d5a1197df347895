import { type InjectionKey, inject } from 'vue'
import { HydraError } from '../../shared/errors'

/** Saves a file that a run exported where the browser runs. */
export type Download = (run: string, file: string) => Promise<void>

/** Null on the desktop: there the file lies on this machine, and is shown in its folder. */
export const downloadKey: InjectionKey<Download | null> = Symbol('download')

export function useDownload(): Download | null {
  return inject(downloadKey, null)
}

/** From the web host. By fetch and not by a link, since the key travels in a header. */
export function downloadFrom(key: string): Download {
  return async (run, file) => {
    const parts = [run, ...file.split('/')].map(encodeURIComponent)
    const answer = await fetch(`/rpc/export/${parts.join('/')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    }).catch(() => null)
    if (!answer?.ok) throw refused(file, answer)
    const address = URL.createObjectURL(await answer.blob())
    const link = document.createElement('a')
    link.href = address
    link.download = file.slice(file.lastIndexOf('/') + 1)
    link.click()
    // The browser has taken the file over by the next turn.
    setTimeout(() => URL.revokeObjectURL(address), 1000)
  }
}

function refused(file: string, answer: Response | null): HydraError {
  return answer?.status === 404
    ? new HydraError('FILE_MISSING', {
        expected: `${file} in the folder of its run`,
        got: 'no such file',
        remedy: 'Export it again.',
      })
    : new HydraError('CONNECTION_LOST', {
        expected: 'the host to send the file',
        got: answer ? `the answer ${answer.status}` : 'a connection that broke',
        remedy: 'Try again, or take the file from its folder.',
      })
}
