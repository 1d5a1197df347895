import { defineServingCommand } from '../arguments/command'
import { wholeNumber } from '../arguments/option-values'

const LARGEST_PORT = 65_535

export const serve = defineServingCommand({
  description: 'the workbench in the browser, on this machine only, until Ctrl-C',
  options: {
    port: { description: 'port on 127.0.0.1, by default a free one', value: 'N' },
    open: {
      description: 'open the browser, the default',
      negation: 'only print the address',
    },
  },
  async serve({ args, terminal, workspace, appRoot }) {
    const port = wholeNumber(args.port, '--port', 0, LARGEST_PORT) ?? 0
    // Loaded on demand: no other command needs a web server.
    const { serveWorkbench } = await import('../../web/serve-workbench')
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
  },
})
