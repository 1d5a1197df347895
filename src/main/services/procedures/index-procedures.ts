import { isInstalled } from '../../engine/registry/installed-package'
import { listIndexRecords } from '../../workspace/index-files'
import { reachForPush, reachIndex } from '../indexes/reach-index'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

export function indexProcedures(context: ServiceContext) {
  const { indexes } = procedures
  const { workspace, session } = context
  return {
    push: indexes.push.handler(async ({ input }) => {
      requireWriter(context)
      const { collection, encoder, name = collection, engine, options } = input
      const { documents } = await requireDataset(workspace, collection)
      const index = await reachForPush(workspace, { name, engine, options }, documents, isInstalled)
      const title = `Push ${collection} to the ${index.engine} index ${index.name}`
      const work = { index, collection, encoder }
      return { ...startJob(context, { kind: 'index', title, runs: [] }, 'push-index', work), index }
    }),

    list: indexes.list.handler(async ({ signal }) => {
      const records = await listIndexRecords(workspace)
      const reached = records.map(({ name, engine, options }) => ({ name, engine, options }))
      return session.request('index-status', { indexes: reached }, signal)
    }),

    status: indexes.status.handler(async ({ input, signal }) => {
      const index = await reachIndex(workspace, input)
      const [status] = await session.request('index-status', { indexes: [index] }, signal)
      return status
    }),

    search: indexes.search.handler(async ({ input, signal }) => {
      const { name, engine, options, ...asked } = input
      const index = await reachIndex(workspace, { name, engine, options })
      return session.request('search-index', { index, ...asked }, signal)
    }),

    drop: indexes.drop.handler(async ({ input, signal }) => {
      requireWriter(context)
      const index = await reachIndex(workspace, input)
      return session.request('drop-index', { index }, signal)
    }),
  }
}
