import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { EncoderOrigin } from './encoder-origin'
import type { ExportBackground } from './export-readme'
import type { ExportPlan } from './formats/export-format'
import { systemRows } from './measures-section'

/** Metadata of a model card as a model hub reads it: YAML, whose strings JSON's are. */
export function frontMatter(
  {
    name,
    row,
    tag,
    encoderOrigin,
  }: {
    readonly name: string
    /** Of the system that leaves. */
    readonly row: string
    readonly tag: string
    readonly encoderOrigin: EncoderOrigin
  },
  { library }: Pick<ExportPlan, 'library'>,
  { run, verdict, datasets }: ExportBackground,
): string {
  const text = (value: string) => JSON.stringify(value)
  const results = systemRows(verdict, row).map(({ cards, examples, mean }) => [
    '  - task:',
    '      type: "text-retrieval"',
    '    dataset:',
    `      type: ${text(run.datasets.map(({ id }) => id).join(', '))}`,
    `      name: ${text(`${datasets.map(({ title }) => title).join(', ') || 'unknown'}: ${cards} cards, ${examples} examples`)}`,
    `      split: ${text(verdict?.split ?? 'test')}`,
    '    metrics:',
    ...HEADLINE_MEASURES.flatMap((measure) =>
      mean[measure]
        ? [
            `    - type: ${text(measure)}`,
            `      value: ${mean[measure].value}`,
            `      name: ${text(measure)}`,
          ]
        : [],
    ),
  ])
  return [
    '---',
    'license: "other"',
    'license_name: "see-licences-below"',
    `library_name: ${text(library)}`,
    'pipeline_tag: "sentence-similarity"',
    `base_model: ${text(encoderOrigin.model)}`,
    'tags:',
    ...['hydra-workbench', 'retrieval', tag, library].map((tag) => `- ${text(tag)}`),
    'datasets:',
    ...run.datasets.map(({ id }) => `- ${text(id)}`),
    ...(results.length > 0 ? ['model-index:', `- name: ${text(name)}`, '  results:', ...results.flat()] : []),
    '---',
    '',
  ].join('\n')
}
