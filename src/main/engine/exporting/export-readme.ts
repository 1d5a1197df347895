import { isAbsolute } from 'node:path'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import type { RunRecord } from '../../../shared/schemas/run'
import type { HandedShare } from '../../../shared/schemas/runs/hand-out'
import type { Verdict } from '../../../shared/schemas/verdict'
import { differenceText } from '../../../shared/tables/difference-text'
import { serviceName } from '../encoders/remote/remote-record'
import type { Certificate } from './certificate'
import type { ExportMaterial } from './export-material'
import type { ExportFormat, ExportPlan } from './formats/export-format'
import { frontMatter } from './front-matter'
import { cardStanding, headRow, measuresSection } from './measures-section'

/** What a README says beside the export itself: where the head was trained, on what, and what came of it. */
export interface ExportBackground {
  readonly run: RunRecord
  /** null: the run was not scored. */
  readonly verdict: Verdict | null
  /** Of the run, those that are still there. */
  readonly datasets: readonly DatasetRecord[]
}

/** README.md of an export: a model card whose every number was measured, and whose snippets are run by a test. */
export function exportReadme(
  material: ExportMaterial,
  { format, plan }: { readonly format: Pick<ExportFormat, 'name' | 'title'>; readonly plan: ExportPlan },
  background: ExportBackground,
  { parts, elsewhere, probes, bound }: Pick<Certificate, 'parts' | 'elsewhere' | 'probes' | 'bound'>,
): string {
  const { origin, heads, encoder, encoderOrigin } = material
  const row = headRow(origin)
  const { card } = origin
  const shape = `${heads.head.weight.rows} × ${encoder.dimensions}`
  return [
    frontMatter(
      { name: `${origin.dataset}-${card.id}`, row, tag: 'query-head', encoderOrigin },
      plan,
      background,
    ),
    `# ${card.name}`,
    '',
    `A head for the task card “${card.description}”: one affine map (${shape}${heads.head.norm ? ', with layer normalisation' : ''}) for this card, for query vectors of ${origin.encoder}${encoder.kind === 'remote' ? `, which is ${serviceName(encoder.record)}` : ''}. ${heads.documents ? 'Documents go through a map too: index what it makes of them.' : 'Documents and their index stay as they are.'}`,
    '',
    ...(origin.handedOut ? [origin.handedOut.words, ''] : []),
    ...(origin.handedOut?.bm25 ? [besideWords(origin.handedOut.bm25), ''] : []),
    'It computes `normalize(W @ x + b)`' +
      (heads.head.norm ? ' with layer normalisation before the last step' : '') +
      `. Format: ${format.title}.`,
    '',
    ...filesAndUse(plan, encoder),
    '',
    ...measuresSection({ row, standing: cardStanding(origin, background.run) }, background),
    '',
    '## Certificate',
    '',
    `${probes.texts.length} fixed texts went through this export and through the workbench’s own network; allowed is a difference of ${bound} in any component. Ranks are those of ${probes.documents} of the collection’s documents.`,
    '',
    ...partsTable(parts),
    ...(elsewhere
      ? [
          '',
          `Only ${elsewhere.what} itself can run the whole: \`${elsewhere.command}\` does, and writes what it finds, who ran it and when into certificate.json.`,
        ]
      : []),
    '',
    '## Licences',
    '',
    ...licences({ ...material, what: 'Head' }, background),
    '',
  ].join('\n')
}

/** What lies in the folder, how it is used, and what the encoder wants before its texts. */
export function filesAndUse(
  { contents, usage }: Pick<ExportPlan, 'contents' | 'usage'>,
  { prefixes: { query, document } }: ExportMaterial['encoder'],
): string[] {
  return [
    '## Files',
    '',
    ...contents.map((line) => `- ${line}`),
    '- `certificate.json`: what was run to prove this export, and the sha256 of every file.',
    '',
    '## Use',
    ...usage.flatMap(({ language, about, code }) => ['', about, '', `\`\`\`${language}`, code, '```']),
    ...(query || document
      ? [
          '',
          `The encoder wants ${JSON.stringify(query)} before each query and ${JSON.stringify(document)} before each document.`,
        ]
      : []),
  ]
}

/** What was run, as a table. */
export function partsTable(parts: Certificate['parts']): string[] {
  return [
    '| part | run by | greatest difference | ranks moved, at most |',
    '|---|---|---|---|',
    ...parts.map(
      ({ part, by, difference, ranks }) =>
        `| ${part} | ${by} | ${differenceText(difference)} | ${ranks ?? '–'} |`,
    ),
  ]
}

/** Of every ingredient: the terms of none of them are ours to give. @param what leaves, as one calls it */
export function licences(
  {
    encoder,
    encoderOrigin,
    what,
  }: Pick<ExportMaterial, 'encoder' | 'encoderOrigin'> & { readonly what: string },
  { run, datasets }: ExportBackground,
): string[] {
  return [
    `- **Encoder** ${encoderOrigin.model}: ${encoderOrigin.licence ?? 'its files state none'}.`,
    ...run.datasets.map(({ id }) => {
      const record = datasets.find((one) => one.id === id)
      if (!record) return `- **Dataset** ${id}: not in the workspace any more; its licence is not known here.`
      // A path says nothing to whoever reads it elsewhere.
      const source = record.source && !isAbsolute(record.source) ? ` (${record.source})` : ''
      return `- **Dataset** ${record.title}${source}: ${record.licence || 'none stated at import'}.`
    }),
    `- **${what}**: learned from these with ${encoder.id}; what their terms say of things derived from them applies to it.`,
  ]
}

/** The file has no lexical index: whoever serves the head adds one. */
function besideWords({ normalisation, share }: HandedShare): string {
  const scaled =
    normalisation === 'min-max'
      ? 'min-max over the union of what both rank among their first 1,000'
      : 'z-scores over the corpus'
  return `Rank documents by ${Number((1 - share).toFixed(2))} · this head’s score + ${share} · BM25, each on one scale (${scaled}). This export is the head alone; a lexical index of the documents is yours to add.`
}
