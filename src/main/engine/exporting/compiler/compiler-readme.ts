import { filesAndUse, licences, partsTable } from '../export-readme'
import type { CompilerFormat, CompilerPlan } from '../formats/export-format'
import { frontMatter } from '../front-matter'
import { headRow, measuresSection } from '../measures-section'
import type { CompilerCertificate } from './certify-compiler'
import type { CompilerMaterial } from './compiler-material'

/** README.md of an exported compiler: a model card whose every number was measured. */
export function compilerReadme(
  { run, parts, encoder, encoderOrigin, background }: CompilerMaterial,
  { format, plan }: { readonly format: Pick<CompilerFormat, 'title'>; readonly plan: CompilerPlan },
  { parts: proved, probes, bound }: CompilerCertificate,
): string {
  const { generator, head, tasks } = parts.checkpoint.description
  const { withExamples, withoutExamples } = parts.handedOut
  const rows = [withExamples, withoutExamples].map((handed) =>
    headRow({ handedOut: { ...handed.head, words: '' } }),
  )
  const row = rows[0] === rows[1] ? rows[0] : 'handed out'
  return [
    frontMatter({ name: run, row, tag: 'hypernetwork', encoderOrigin }, plan, background),
    `# Compiler of ${run}`,
    '',
    `Turns a task card into a head for query vectors of ${encoder.id}: \`W\` and \`b\` of \`normalize(W @ x + b)\`. Generator ${generator.name}, head ${head.name}, trained on ${tasks.length} cards. Documents and their index are not part of it. Format: ${format.title}.`,
    '',
    `**A card with examples.** ${withExamples.words}`,
    '',
    `**A card without.** ${withoutExamples.words}`,
    '',
    ...filesAndUse(plan, encoder),
    '',
    ...measuresSection(
      {
        row,
        standing:
          'A card that you compile was in no evaluation: the figures are those of the run’s own cards.',
      },
      background,
    ),
    '',
    '## Certificate',
    '',
    `${probes.cards} cards made of ${probes.texts.length} fixed texts${probes.fitNone === null ? '' : `, ${probes.fitNone} of which no expert fits,`} went through this export and through the workbench’s own network; allowed is a difference of ${bound} in any number. Ranks are those of the same texts as documents.`,
    '',
    ...partsTable(proved),
    '',
    '## Licences',
    '',
    ...licences({ encoder, encoderOrigin, what: 'Compiler' }, background),
    '',
  ].join('\n')
}
