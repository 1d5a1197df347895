import { listRegistries } from './list-registries'
import { procedures } from './procedures'

export function registryProcedures() {
  return { list: procedures.registries.list.handler(() => listRegistries()) }
}
