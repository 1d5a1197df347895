import { listRegistries } from '../list-registries'
import { procedures } from './implement-contract'

export function registryProcedures() {
  return { list: procedures.registries.list.handler(() => listRegistries()) }
}
