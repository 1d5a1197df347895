import { throwIfCancelled } from '../../../shared/errors'
import { type DatasetRecord, type Finding, SEVERITIES } from '../../../shared/schemas/dataset'
import type { DatasetFiles, Evidence, LintSubject, LintTools, Rule } from './rule'
import { rules } from './rules/index'

/** What the linter has to say of a dataset: worst first, then by code. */
export interface LintResult {
  readonly findings: readonly Finding[]
  readonly checked: readonly string[]
  readonly skipped: readonly { readonly rule: string; readonly reason: string }[]
}

const NOT_LOADED = 'The dataset cannot be loaded: judgments name queries that are not there.'
const QUICK = 'It needs vectors or an index, and only the quick rules were asked.'

/** Every rule on a dataset; without tools those that need no vectors. @param onProgress rules asked so far and in all */
export async function lintDataset(
  subject: LintSubject | DatasetFiles,
  tools: LintTools | null,
  onProgress?: (done: number, total: number) => void,
): Promise<LintResult> {
  const findings: Finding[] = []
  const checked: string[] = []
  const skipped: { rule: string; reason: string }[] = []
  for (const [place, rule] of rules.entries()) {
    onProgress?.(place, rules.length)
    throwIfCancelled(tools?.signal)
    const reason = hindrance(rule, subject, tools)
    if (reason !== null) {
      skipped.push({ rule: rule.name, reason })
      continue
    }
    checked.push(rule.name)
    const found = await ask(rule, subject as LintSubject, tools as LintTools)
    if (found) findings.push({ code: rule.name, severity: rule.severity, ...found, remedy: rule.remedy })
  }
  onProgress?.(rules.length, rules.length)
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  return { findings, checked, skipped }
}

/** What an import notices of the dataset that it has just written, and a run before it begins. */
export async function lintQuickly(subject: LintSubject | DatasetFiles): Promise<readonly Finding[]> {
  return (await lintDataset(subject, null)).findings
}

/** Of more datasets than this with the same finding one sentence names the first. */
const MOST_ALIKE = 3

/** What a run must tell of its data: a sentence for each finding that is more than a note, or for one that many datasets share. */
export function lintNotes(
  found: readonly { readonly dataset: DatasetRecord['id']; readonly findings: readonly Finding[] }[],
): string[] {
  const serious = found.flatMap(({ dataset, findings }) =>
    findings.filter(({ severity }) => severity !== 'note').map((finding) => ({ dataset, ...finding })),
  )
  const alike = new Map<string, typeof serious>()
  for (const finding of serious) alike.set(finding.code, [...(alike.get(finding.code) ?? []), finding])
  return serious.flatMap((finding) => {
    const { code, dataset, severity, message, remedy } = finding
    const all = alike.get(code)!
    if (all.length <= MOST_ALIKE) return [`${dataset}: ${severity} ${code}: ${message} ${remedy}`]
    if (finding !== all[0]) return []
    const whose = all.slice(0, MOST_ALIKE).map((one) => one.dataset)
    return [
      `${whose.join(', ')} and ${all.length - whose.length} more: ${severity} ${code}: in ${dataset}, ${message} ${remedy}`,
    ]
  })
}

function hindrance(rule: Rule, subject: LintSubject | DatasetFiles, tools: LintTools | null): string | null {
  if (rule.needs !== 'files' && !('collection' in subject)) return NOT_LOADED
  return rule.needs === 'vectors' && tools === null ? QUICK : null
}

async function ask(rule: Rule, subject: LintSubject, tools: LintTools): Promise<Evidence | null> {
  return rule.needs === 'vectors' ? rule.check(subject, tools) : rule.check(subject)
}
