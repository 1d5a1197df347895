import { onTestFinished } from 'vitest'
import { type ApiLimits, openApiAdmission, openApiHost } from '../../../src/main/hosts/api/api-host'
import { openApiMetrics } from '../../../src/main/hosts/api/api-metrics'
import type { Workbench } from '../../../src/main/services/open-workbench'
import { openServing, type ServedOptions, type Serving } from '../../../src/main/services/serving/serving'
import { createRun } from '../../../src/main/workspace/runs/run-folder'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'
import { madeSession } from './made-session'

export const TOKEN = 'a-token-of-the-test'

/** An encoder of four dimensions in this process; `encode` is asked with each call of it. */
export async function openApi(
  options: { readonly limits?: ApiLimits; encode?: (texts: readonly string[]) => Promise<void> | void } = {},
) {
  const workspace = await temporaryFolder()
  const { id: run } = await createRun(workspace, runDraft({ unseen: ['scifact/claims'] }), 'x', new Date(0))
  const { session, calls } = madeSession(options)
  const open = (served: ServedOptions) => openServing({ workspace, session }, served)
  return { workspace, run, calls, ...(await openService(open, run, options.limits)) }
}

/** A trained run of a workbench. */
export async function openServedRun(workbench: Pick<Workbench, 'serving'>, run: string) {
  return openService(workbench.serving, run)
}

/** The service over HTTP in this process, with what it says of faults. */
async function openService(
  open: (served: ServedOptions) => Promise<Serving>,
  run: string | null,
  limits?: ApiLimits,
) {
  const faults: string[] = []
  const admission = openApiAdmission(limits)
  const metrics = openApiMetrics(() => ({
    requests: admission.requests,
    texts: serving.texts.waiting + serving.texts.called,
  }))
  const serving = await open({ run, onCall: metrics.called })
  const host = await openApiHost({
    serving,
    metrics,
    admission,
    version: '0',
    token: TOKEN,
    address: '127.0.0.1',
    port: 0,
    limits,
    fault: (line) => faults.push(line),
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= host.close()
    return closing
  }
  onTestFinished(close)

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string>) }
    return fetch(`${host.url}${path}`, { ...init, headers })
  }
  /** @returns status and what the body says */
  async function post(path: string, body: unknown, init: RequestInit = {}) {
    const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string>) }
    const response = await send(path, { method: 'POST', body: JSON.stringify(body), ...init, headers })
    // biome-ignore lint/suspicious/noExplicitAny: as it came over the line
    return { status: response.status, headers: response.headers, json: (await response.json()) as any }
  }
  return { host, url: host.url, token: TOKEN, serving, faults, close, send, post }
}
