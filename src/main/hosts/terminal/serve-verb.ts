import type { ArgsDef, ParsedArgs } from 'citty'
import { serveWorkbench } from '../web/serve-workbench'
import { wholeNumber } from './parse-command-line'
import type { Terminal } from './terminal'

const LARGEST_PORT = 65_535

/** Serves the workbench until Ctrl-C. */
export async function serveVerb(options: {
  readonly args: ParsedArgs<ArgsDef>
  readonly terminal: Terminal
  readonly workspace: string
  readonly appRoot: string
}): Promise<number> {
  const { args, terminal, workspace, appRoot } = options
  const port = wholeNumber(args.port as string | undefined, '--port', 0, LARGEST_PORT) ?? 0
  return serveWorkbench({
    workspace,
    appRoot,
    port,
    open: args.open !== false,
    announce: ({ url, recovered }) => {
      if (terminal.json) {
        terminal.out(`${JSON.stringify({ url, recovered })}\n`)
        return
      }
      for (const sentence of recovered) terminal.err(`Set right: ${sentence}\n`)
      terminal.out(
        `Hydra Workbench on ${workspace}\n${url}\nThe address holds the key to it; Ctrl-C ends it.\n`,
      )
    },
  })
}
