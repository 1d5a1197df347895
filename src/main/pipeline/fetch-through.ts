export type Environment = Readonly<Record<string, string | undefined>>

/** A fetch that goes through the proxy which the usual variables name (NO_PROXY too): Node's own does not read them. */
export async function fetchThrough(environment: Environment): Promise<typeof fetch> {
  const value = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined
  const httpProxy = value('http_proxy')
  const httpsProxy = value('https_proxy')
  if (!httpProxy && !httpsProxy) return fetch
  // On demand: it is needed behind a proxy only.
  const undici = await import('undici')
  const dispatcher = new undici.EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy: value('no_proxy') })
  // Its own fetch: an agent of one version does not serve the fetch of another, which Node brings.
  return ((address: string, init: object) =>
    undici.fetch(address, { ...init, dispatcher })) as unknown as typeof fetch
}
