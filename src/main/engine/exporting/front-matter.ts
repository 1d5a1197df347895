import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { ExportMaterial } from './export-material'
import type { ExportBackground } from './export-readme'
import type { ExportPlan } from './formats/export-format'
import { systemRows } from './measures-section'

/** Metadata of a model card as a model hub reads it: YAML, whose strings JSON's are. */
export function frontMatter(
  { origin, encoderOrigin }: ExportMaterial,
  { library }: ExportPlan,
  { run, verdict, datasets }: ExportBackground,
): string {
  const text = (value: string) => JSON.stringify(value)
  const results = systemRows(verdict, origin).map(({ cards, examples, mean }) => [
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
    ...['hydra-workbench', 'retrieval', 'query-head', library].map((tag) => `- ${text(tag)}`),
    'datasets:',
    ...run.datasets.map(({ id }) => `- ${text(id)}`),
    ...(results.length > 0
      ? [
          'model-index:',
          `- name: ${text(`${origin.dataset}-${origin.card.id}`)}`,
          '  results:',
          ...results.flat(),
        ]
      : []),
    '---',
    '',
  ].join('\n')
}
