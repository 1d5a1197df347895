import { downloadFile } from '../../../files/download-file'
import { fileAddress, type Hub, hubRemote, listHubFiles } from './hub'
import type { ModelSource } from './model-source'

/** A model of the hub at its newest commit, or at a revision of it. */
export async function hubModelSource(
  hub: Hub,
  id: string,
  revision: string,
  signal: AbortSignal,
): Promise<ModelSource> {
  const { commit, files } = await listHubFiles(hub, id, revision, signal)
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    where: `${id}@${commit}`,
    version: commit,
    files: new Map(files.map(({ path, bytes }) => [path, bytes])),
    bring(path, target, onBytes, stop) {
      const { bytes, checksum } = byPath.get(path)!
      const address = fileAddress(hub, id, commit, path)
      return downloadFile({ remote: hubRemote(hub), address, bytes, checksum, target, onBytes, signal: stop })
    },
    close() {},
  }
}
