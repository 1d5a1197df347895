import { defineCommand } from 'citty'
import { GLOBAL_OPTIONS } from '../verb'

/** Opens a workspace for as long as it runs, so it is not a verb that answers: see serve-verb. */
export const serve = defineCommand({
  meta: { description: 'the workbench in the browser, on this machine only' },
  args: {
    port: { type: 'string', description: 'port on 127.0.0.1, by default a free one', valueHint: 'N' },
    open: {
      type: 'boolean',
      default: true,
      description: 'open the browser',
      negativeDescription: 'only print the address',
    },
    ...GLOBAL_OPTIONS,
  },
})
