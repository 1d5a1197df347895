import { SEVERITIES, type Severity } from '../../../../../shared/schemas/dataset'
import type { LintReport } from '../../../../../shared/schemas/lint'
import { agreeToCost } from '../../agree-to-cost'
import { defineCommand } from '../../arguments/command'
import { encoderPlace } from '../../arguments/train-request'
import { usageError } from '../../arguments/usage-error'
import { findingLines } from '../../finding-lines'
import { wrap } from '../../fit-text'
import { followJob } from '../../follow-job'
import { formatCount } from '../../format-number'

export const lintDatasets = defineCommand({
  description: 'look for what makes scores wrong or doubtful; ends with 1 where there is an error',
  arguments: { ids: { optional: true, many: true, description: 'ids of datasets, or all' } },
  options: {
    quick: { description: 'only the rules that need neither vectors nor an index' },
    encoder: { description: 'id or folder of the encoder', value: 'ID|DIR' },
  },
  mode: 'write',
  async run({ args, open, terminal, seed, signal }) {
    const { ids } = args
    if (ids.includes('all') && ids.length > 1) throw usageError('ids of datasets, or all', ids.join(' '))
    const client = await open()
    const known = (await client.datasets.list()).map(({ id }) => id)
    const datasets = ids.length === 0 || ids[0] === 'all' ? known : [...new Set(ids)]
    const reports: LintReport[] = []
    if (datasets.length > 0) {
      const request = { datasets, quick: args.quick === true, encoder: encoderPlace(args.encoder), seed }
      const { encoder, quick } = request
      if (!quick) await agreeToCost({ client, terminal, signal }, { encoder, datasets })
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
