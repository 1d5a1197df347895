import { SEVERITIES, type Severity } from '../../../../shared/schemas/dataset'
import type { LintReport } from '../../../../shared/schemas/lint'
import { findingLines } from '../finding-lines'
import { followJob } from '../follow-job'
import { formatCount } from '../format-number'
import { wrap } from '../ladder-table'
import { usageError } from '../usage-error'
import { defineVerb } from '../verb'
import { encoderPlace } from './train'

export const lintDatasets = defineVerb({
  description: 'look for what makes scores wrong or doubtful; ends with 1 where there is an error',
  args: {
    ids: {
      type: 'positional',
      required: false,
      description: 'ids of datasets, or all',
      valueHint: 'ID…',
    },
    quick: { type: 'boolean', description: 'only the rules that need neither vectors nor an index' },
    encoder: { type: 'string', description: 'id or folder of the encoder', valueHint: 'ID|DIR' },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const words = args._
    if (words.includes('all') && words.length > 1)
      throw usageError('ids of datasets, or all', words.join(' '))
    const client = await open()
    const known = (await client.datasets.list()).map(({ id }) => id)
    const datasets = words.length === 0 || words[0] === 'all' ? known : [...new Set(words)]
    const reports: LintReport[] = []
    if (datasets.length > 0) {
      const request = { datasets, quick: args.quick === true, encoder: encoderPlace(args.encoder), seed }
      const { job } = await client.datasets.lint(request)
      await followJob({ client, terminal, signal }, job)
      for (const id of datasets) reports.push(await client.datasets.lintReport({ id }))
    }
    const hasError = reports.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))
    return {
      json: reports,
      exitCode: hasError ? 1 : 0,
      text: () =>
        reports.length === 0
          ? 'No datasets yet. Import one: hydra datasets import FOLDER-OR-ZIP'
          : reports.map((report) => describeReport(report, terminal.columns)).join('\n\n'),
    }
  },
})

function describeReport({ dataset, findings, checked, skipped }: LintReport, columns: number): string {
  const counts = SEVERITIES.map((severity) => countOf(findings, severity)).filter((text) => text !== '')
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return [
    `${dataset}: ${counts.join(', ') || 'nothing found'} (${formatCount(checked.length)} rules)`,
    ...findings.flatMap((finding) => findingLines(finding, columns)),
    ...reasons.flatMap((reason) => {
      const names = skipped.filter((one) => one.reason === reason).map(({ rule }) => rule)
      return wrap(`not asked: ${names.join(', ')}. ${reason}`, columns)
    }),
  ].join('\n')
}

function countOf(findings: LintReport['findings'], severity: Severity): string {
  const count = findings.filter((finding) => finding.severity === severity).length
  return count === 0 ? '' : `${formatCount(count)} ${severity}${count === 1 ? '' : 's'}`
}
