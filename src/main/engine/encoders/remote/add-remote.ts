import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError } from '../../../../shared/errors'
import type { RemoteService } from '../../../../shared/schemas/model'
import { writeFileAtomic } from '../../../files/atomic-write'
import { STAGING } from '../adding/add-model'
import { type RemoteAccess, serviceAsker } from './ask-service'
import { differenceOf, probeService } from './probe-service'
import { ill } from './remote-errors'
import { type RemoteModel, resolveRemote } from './remote-model'
import { REMOTE_FILE, type RemoteRecord, remoteRecordSchema } from './remote-record'

/**
 * Asks a service for the probe's vectors, twice, and puts what it is under its name: one that can be named can be used. Asked for
 * base64; a service that refuses it is asked for numbers.
 * @param id `name` or `org/name`, a safe path below the models folder
 */
export async function addRemote(options: {
  readonly service: RemoteService
  readonly id: string
  readonly modelsFolder: string
  readonly access: RemoteAccess
  readonly now: () => Date
  readonly signal: AbortSignal
}): Promise<RemoteModel> {
  const { id, modelsFolder, access, now, signal } = options
  const service = { ...options.service, url: checkedAddress(options.service) }
  const { encoding, probe } = await firstProbe(service, access, signal)
  const again = await probeService(
    serviceAsker(service, access, { width: probe.columns, encoding }),
    service.types.query,
    signal,
  )
  const difference = differenceOf(again, probe)
  if (difference) throw ill(service, 'the same vectors for the same texts', difference)
  const record: RemoteRecord = remoteRecordSchema.parse({
    version: 1,
    ...service,
    width: probe.columns,
    encoding,
    probe: Buffer.from(probe.data.buffer, probe.data.byteOffset, probe.data.byteLength).toString('base64'),
    addedAt: now().toISOString(),
  })
  const target = join(modelsFolder, ...id.split('/'))
  const staging = join(modelsFolder, STAGING, id.replace('/', '--'))
  try {
    await mkdir(staging, { recursive: true })
    await writeFileAtomic(join(staging, REMOTE_FILE), `${JSON.stringify(record, null, 2)}\n`)
    await mkdir(join(target, '..'), { recursive: true })
    await rename(staging, target)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
  return (await resolveRemote(id, [modelsFolder])) as RemoteModel
}

async function firstProbe(service: RemoteService, access: RemoteAccess, signal: AbortSignal) {
  const probeAs = async (encoding: RemoteRecord['encoding']) => {
    const probe = await probeService(serviceAsker(service, access, { encoding }), service.types.query, signal)
    if (service.dimensions !== null && probe.columns !== service.dimensions)
      throw ill(service, `vectors of ${service.dimensions} components, as asked`, `${probe.columns}`)
    return { encoding, probe }
  }
  try {
    return await probeAs('base64')
  } catch (error) {
    const isRefusal = error instanceof HydraError && error.code === 'REMOTE_REFUSED'
    if (!isRefusal || service.api !== 'openai') throw error
    // Where it was not the form that was refused, this says so.
    return probeAs('float')
  }
}

/** Loopback: what is sent there leaves no machine. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** @returns the address without a slash at its end */
function checkedAddress({ url, keyEnv }: RemoteService): string {
  const address = URL.canParse(url) ? new URL(url) : null
  const isPlain = address && address.username === '' && address.password === '' && address.search === ''
  if (!address || !/^https?:$/.test(address.protocol) || !isPlain || address.hash !== '') {
    // Not repeated: it may hold a password.
    throw notAddress(
      'the address of a service, such as https://host/v1, without a name, password or ?',
      'another',
    )
  }
  if (keyEnv !== null && address.protocol === 'http:' && !LOOPBACK.test(address.hostname))
    throw notAddress('https where a key is sent to another machine', address.origin)
  return address.href.replace(/\/+$/, '').replace(/\/(embeddings|embed)$/, '')
}

function notAddress(expected: string, got: string): HydraError {
  return new HydraError('USAGE', {
    expected,
    got,
    remedy: 'Correct the address. A key stands in an environment variable, which is named.',
    command: 'hydra models add https://host/v1 --model NAME --key-env VARIABLE',
  })
}
