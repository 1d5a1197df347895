import { HydraError } from '../../shared/errors'
import type { FileDoor } from './file-door'

/** What the preload script hands over for it. */
declare global {
  interface Window {
    readonly hydraFiles?: { pathOf(file: File): string }
  }
}

/** On the desktop a file that was picked has a path, and nothing is sent. */
export function desktopDoor(page: Window): FileDoor {
  return {
    async pathOf({ name, files }) {
      const [{ path, file }] = files
      const place = page.hydraFiles?.pathOf(file) ?? ''
      if (place === '') {
        throw new HydraError('UPLOAD_REFUSED', {
          expected: 'a file of this machine',
          got: name,
          remedy: 'Save it to a folder first, and pick it there.',
        })
      }
      // Of a folder's file: the folder.
      const below = path.split('/').length - 1
      return below === 0
        ? place
        : place
            .split(/[\\/]/)
            .slice(0, -below)
            .join(place.includes('\\') ? '\\' : '/')
    },
  }
}
