import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds: from a query that is at hand to the longest that a request may take. */
const BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30]

/** What a Prometheus scrapes: of routes, never of what was asked. */
export interface ApiMetrics {
  answered(request: { readonly route: string; readonly status: number; readonly seconds: number }): void
  called(call: { requests: number; texts: number; cached: number; residentBytes: number }): void
  compiled(cached: boolean): void
  /** Text format 0.0.4. */
  text(): Promise<string>
}

/** @param depth what waits when it is scraped */
export function openApiMetrics(depth: () => { requests: number; texts: number }): ApiMetrics {
  const registers = [new Registry()]
  const requests = new Counter({
    name: 'hydra_http_requests_total',
    help: 'Requests by route and status',
    labelNames: ['route', 'status'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'hydra_http_request_duration_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['route'] as const,
    buckets: BUCKETS,
    registers,
  })
  const lookups = new Counter({
    name: 'hydra_cache_lookups_total',
    help: 'Heads and vectors that were asked for, by whether they were at hand',
    labelNames: ['cache', 'result'] as const,
    registers,
  })
  const calls = new Counter({
    name: 'hydra_encoder_calls_total',
    help: 'Calls of the encoder',
    registers,
  })
  const shared = new Counter({
    name: 'hydra_encoder_requests_total',
    help: 'Requests in those calls: more of them than calls where some shared one',
    registers,
  })
  const session = new Gauge({
    name: 'hydra_session_resident_memory_bytes',
    help: 'Of the process with networks and collections, at its last call',
    registers,
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('hydra_queue_requests', 'Requests that are being answered', () => depth().requests)
  gauge('hydra_queue_texts', 'Texts that wait for the encoder or are in it', () => depth().texts)
  gauge('process_resident_memory_bytes', 'Of the process that answers', () => process.memoryUsage.rss())
  gauge('process_heap_bytes', 'JavaScript heap in use there', () => process.memoryUsage().heapUsed)
  return {
    answered({ route, status, seconds: took }) {
      requests.inc({ route, status })
      seconds.observe({ route }, took)
    },
    called({ requests, texts, cached, residentBytes }) {
      calls.inc()
      shared.inc(requests)
      lookups.inc({ cache: 'vectors', result: 'hit' }, cached)
      lookups.inc({ cache: 'vectors', result: 'miss' }, texts - cached)
      session.set(residentBytes)
    },
    compiled: (cached) => lookups.inc({ cache: 'heads', result: cached ? 'hit' : 'miss' }),
    text: () => registers[0].metrics(),
  }
}
