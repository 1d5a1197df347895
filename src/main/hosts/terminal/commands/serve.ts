import type { ApiStarted } from '../../api/serve-api'
import { defineServingCommand, type ReadArgs, type ServingContext } from '../arguments/command'
import { wholeNumber } from '../arguments/option-values'
import { usageError } from '../arguments/usage-error'

const LARGEST_PORT = 65_535
const MOST_REQUESTS = 65_536
/** This machine alone. */
const OWN_ADDRESS = '127.0.0.1'

const options = {
  port: { description: 'port, by default a free one', value: 'N' },
  open: {
    description: 'open the browser, the default',
    negation: 'only print the address',
  },
  api: { description: 'an HTTP interface for programs in place of the window (docs/serving.md)' },
  run: { description: 'with --api: whose network compiles cards', value: 'RUN' },
  encoder: { description: 'with --api and no run: the frozen encoder to serve', value: 'ID' },
  dataset: { description: 'with --api: the corpus of cards that are no task’s', value: 'ID' },
  address: {
    description: `with --api: where to listen (default ${OWN_ADDRESS}, this machine alone)`,
    value: 'HOST',
  },
  'token-file': {
    description:
      'with --api: a file with the bearer token; else HYDRA_API_TOKEN, else one is drawn and printed',
    value: 'FILE',
  },
  requests: { description: 'with --api: requests that are answered at once (default 256)', value: 'N' },
} as const

type ServeContext = ServingContext<ReadArgs<Readonly<Record<never, never>>, typeof options>>

export const serve = defineServingCommand({
  description: 'the workbench in the browser, or with --api for programs, until Ctrl-C',
  options,
  async serve(context) {
    const { args, terminal, workspace, appRoot } = context
    const port = wholeNumber(args.port, '--port', 0, LARGEST_PORT) ?? 0
    if (args.api) return serveToPrograms(context, port)
    const stray = (['run', 'encoder', 'dataset', 'address', 'token-file', 'requests'] as const).find(
      (name) => args[name] !== undefined,
    )
    if (stray) throw usageError('--api', `--${stray} without it`)
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

async function serveToPrograms(
  { args, terminal, workspace, appRoot, environment }: ServeContext,
  port: number,
): Promise<number> {
  const requests = wholeNumber(args.requests, '--requests', 1, MOST_REQUESTS)
  const { serveApi } = await import('../../api/serve-api')
  return serveApi({
    workspace,
    appRoot,
    environment,
    run: args.run ?? null,
    encoder: args.encoder,
    collection: args.dataset,
    address: args.address ?? OWN_ADDRESS,
    port,
    tokenFile: args['token-file'],
    requests,
    announce: (started) => {
      for (const sentence of started.recovered) if (!terminal.json) terminal.err(`Set right: ${sentence}\n`)
      terminal.out(terminal.json ? `${JSON.stringify(started)}\n` : startedText(started, workspace))
    },
    fault: (line) => terminal.err(`${line}\n`),
  })
}

function startedText({ url, run, encoder, token }: ApiStarted, workspace: string): string {
  const what = run ? `cards by ${run}, ${encoder}` : `${encoder} as it is; cards need --run`
  const key = token
    ? `Authorization: Bearer ${token}\nThe token is shown this once.`
    : 'It opens with the token that was given.'
  return `Hydra Workbench on ${workspace}: ${what}\n${url}\n${key} Ctrl-C ends it.\n`
}
