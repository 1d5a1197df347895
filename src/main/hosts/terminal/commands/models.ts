import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { runnerWords } from '../../../../shared/models/runner-words'
import type { ModelRecord } from '../../../../shared/schemas/model'
import { alignTable } from '../align-table'
import { type CommandGroup, defineCommand } from '../arguments/command'
import { readService, SERVICE_OPTIONS, serviceLines } from '../arguments/service-options'
import { wrap } from '../fit-text'
import { followJob } from '../follow-job'
import { formatBytes, formatCount } from '../format-number'

const add = defineCommand({
  description:
    'bring an encoder, a cross-encoder or a model that writes queries into the workspace, checked and tried',
  arguments: {
    source: {
      description:
        'folder, zip, or ORG/NAME[@REVISION] of the hub, :int8, :fp32 or :fp16 picks the weights; or the address of a service that encodes, such as https://host/v1',
    },
  },
  options: {
    id: {
      description: 'name in the workspace, by default that of the source',
      value: 'NAME',
    },
    ...SERVICE_OPTIONS,
  },
  mode: 'write',
  async run({ args, open, terminal, signal }) {
    const service = readService(args.source, args)
    const source = service ? args.source : localPlace(args.source)
    const client = await open()
    const started = await client.models.add({ source, id: args.id, service })
    await followJob({ client, terminal, signal }, started.job)
    const model = await client.models.show({ id: started.model })
    return { json: model, text: () => describeModel(model, terminal.columns) }
  },
})

const list = defineCommand({
  description: 'encoders, cross-encoders and generators that can be named',
  mode: 'read',
  async run({ open }) {
    const models = await (await open()).models.list()
    return {
      json: models,
      text: () =>
        alignTable(
          [
            { title: 'model' },
            { title: 'kind' },
            { title: 'dimensions', align: 'right' },
            { title: 'tokens', align: 'right' },
            { title: 'pooling' },
            { title: 'weights' },
            { title: 'run by' },
            { title: 'size', align: 'right' },
          ],
          models.map(({ id, use, runner, settings, bytes }) => [
            id,
            settings ? kindOf(use, settings.kind) : 'NOT USABLE',
            settings && use === 'encoder' && 'dimensions' in settings ? formatCount(settings.dimensions) : '',
            settings && 'maxTokens' in settings ? formatCount(settings.maxTokens) : '',
            settings && 'pooling' in settings && use === 'encoder' ? settings.pooling : '',
            settings && 'weights' in settings ? settings.weights : '',
            runner?.by ?? '',
            formatBytes(bytes),
          ]),
        ),
    }
  },
})

const show = defineCommand({
  description: 'one model: how it makes vectors, where it came from, what is wrong with it',
  arguments: { id: { description: 'name of the model' } },
  mode: 'read',
  async run({ args, open, terminal }) {
    const model = await (await open()).models.show({ id: args.id })
    return { json: model, text: () => describeModel(model, terminal.columns) }
  },
})

const remove = defineCommand({
  description: 'delete a model of the workspace; what it encoded stays in the cache',
  arguments: { id: { description: 'name of the model' } },
  mode: 'write',
  async run({ args, open }) {
    const { model, runs } = await (await open()).models.remove({ id: args.id })
    const until = runs.length === 1 ? 'needs' : 'need'
    const used =
      runs.length === 0 ? '' : ` ${runs.join(', ')} ${until} it to be searched, scored again or exported.`
    return {
      json: { model, runs },
      text: () => `${model.id} is gone, ${formatBytes(model.bytes)} are free.${used}`,
    }
  },
})

function kindOf(use: ModelRecord['use'], kind: NonNullable<ModelRecord['settings']>['kind']): string {
  if (use === 'generator') return `${kind} generator`
  return use === 'cross-encoder' ? use : kind
}

function describeModel(
  { id, use, runner, settings, bytes, from, folder, problem }: ModelRecord,
  columns: number,
): string {
  const lines = [`${id}: ${use}, ${formatBytes(bytes)} in ${folder}`, ...(from ? [`from: ${from}`] : [])]
  if (problem) return [...lines, ...wrap(`not usable: ${problem}`, columns)].join('\n')
  if (!settings) return lines.join('\n')
  if (settings.kind === 'remote') return [...lines, ...serviceLines(settings)].join('\n')
  if (!('dimensions' in settings)) {
    lines.push(`${settings.kind}, ${settings.weights} weights, sha256 ${settings.sha256}`)
    const use = `hydra datasets queries DATASET --model ${id}`
    lines.push(...wrap(`run by ${runnerWords(runner)}: ${use}`, columns))
    return lines.join('\n')
  }
  const { kind, weights, dimensions, maxTokens, pooling, prefixes, sha256 } = settings
  lines.push(`${kind}, ${weights} weights, sha256 ${sha256}`, `up to ${formatCount(maxTokens)} tokens`)
  if (runner) lines.push(...wrap(`run by ${runnerWords(runner)}`, columns))
  if (use === 'encoder') {
    lines.push(`${formatCount(dimensions)} dimensions, ${pooling} pooling`)
    for (const [role, prefix] of Object.entries(prefixes)) {
      lines.push(`before each ${role}: ${prefix === '' ? 'nothing' : `“${prefix}”`}`)
    }
    for (const { option, what } of settings.assumed)
      lines.push(...wrap(`assumed: ${what}. To say it: ${id}?${option}=…`, columns))
  }
  return lines.join('\n')
}

/** A path as typed means the terminal's folder; what is neither a path nor there is a model of the hub. */
function localPlace(source: string): string {
  const [, place, ending] = /^(.*?)((?::(?:int8|fp32|fp16))?)$/s.exec(source) as RegExpExecArray
  return /^\.{1,2}([\\/]|$)/.test(place) || existsSync(place) ? resolve(place) + ending : source
}

export const models: CommandGroup = {
  description: 'add, list, show and remove encoders',
  commands: { add, list, show, remove },
}
