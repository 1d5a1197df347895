import { dialog } from 'electron'
import { ERROR_CODES, toHydraError } from '../../../shared/errors'

/** What went wrong outside the page, where no notice of the page can say it. */
export function showFailure(thrown: unknown): void {
  const { code, detail } = toHydraError(thrown)
  dialog.showErrorBox(
    ERROR_CODES[code],
    `Expected ${detail.expected}.\nGot ${detail.got}.\n\n${detail.remedy}`,
  )
}
