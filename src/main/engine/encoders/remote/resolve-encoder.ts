import { type ResolvedModel, resolveModel } from '../model-folder'
import { type RemoteModel, resolveRemote } from './remote-model'

/** An encoder by its name, whoever runs it. */
export type ResolvedEncoder = ResolvedModel | RemoteModel

/** As resolveModel, and services that were added besides. */
export async function resolveEncoder(name: string, roots: readonly string[]): Promise<ResolvedEncoder> {
  return (await resolveRemote(name, roots)) ?? (await resolveModel(name, roots))
}
