import { HydraError } from '../../../shared/errors'
import { describeHead } from '../../engine/exporting/describe-head'
import { exportedFile } from '../../workspace/runs/exported-files'
import { readRun } from '../../workspace/runs/run-folder'
import { exportedHeads } from '../exported-heads'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function exportingProcedures({ workspace, session, version, preparations, reveal }: ServiceContext) {
  const { exporting } = procedures
  return {
    head: exporting.head.handler(async ({ input, signal }) => {
      await readRun(workspace, input.run)
      return session.request('export-head', { ...input, version }, signal)
    }),
    compiler: exporting.compiler.handler(async ({ input, signal }) => {
      await readRun(workspace, input.run)
      return session.request('export-compiler', { ...input, version }, signal)
    }),
    heads: exporting.heads.handler(() => exportedHeads(workspace)),
    search: exporting.search.handler(async ({ input, signal }) => {
      await readRun(workspace, input.run)
      const { dataset } = await describeOrigin(workspace, input)
      return preparations.during(dataset, (emit) => session.request('search-head', input, signal, emit))
    }),
    reveal: exporting.reveal.handler(async ({ input }) => {
      const path = await exportedFile(workspace, input.run, input.file)
      if (!reveal) throw noDesktop(path)
      reveal(path)
      return {}
    }),
    apply: exporting.apply.handler(({ input, signal }) => session.request('apply-head', input, signal)),
  }
}

/** The corpus that a head is searched with. */
async function describeOrigin(workspace: string, { run, file }: { run: string; file: string }) {
  return (await describeHead(await exportedFile(workspace, run, file))).origin
}

function noDesktop(path: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'the desktop application, which can show a file in its folder',
    got: 'a host without a desktop',
    remedy: 'Download it, or open the folder yourself.',
    where: path,
  })
}
