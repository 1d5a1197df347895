import { figure, signed } from '../../../shared/figure-words'
import { isShown, NO_DIFFERENCE } from '../../../shared/is-shown'
import type { ComparedSystem, Comparison, ComparisonFormat } from '../../../shared/schemas/comparison'
import { unitWords } from '../../../shared/unit'

/**
 * A comparison as a table for a paper: one row a system, best values bold, superscripts naming the systems that a value is
 * shown to be better than (as ranx prints them). CSV has means, letters and every pair with its test in full precision.
 */
export function comparisonTable(comparison: Comparison, format: ComparisonFormat): string {
  return { markdown: markdownTable, latex: latexTable, csv: csvTable }[format](comparison)
}

function markdownTable(comparison: Comparison): string {
  const { measures, systems, pairs } = comparison
  return [...systemRows(systems, measures), '', caption(comparison), '', ...pairRows(pairs)].join('\n')
}

export function markdownLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** Means, a system a line. */
export function systemRows(systems: readonly ComparedSystem[], measures: readonly string[]): string[] {
  return [
    markdownLine(['', 'system', ...measures]),
    markdownLine(['---', '---', ...measures.map(() => '---:')]),
    ...systems.map((system) =>
      markdownLine([
        system.letter,
        system.name,
        ...measures.map((measure) => {
          const value = figure(system.mean[measure])
          const text = isBest(system, measure, systems) ? `**${value}**` : value
          const letters = system.beats[measure].join('')
          return letters ? `${text}<sup>${letters}</sup>` : text
        }),
      ]),
    ),
  ]
}

/** Every pair, tested. */
export function pairRows(pairs: Comparison['pairs']): string[] {
  return [
    markdownLine([
      'pair',
      'measure',
      'difference',
      '95 % interval',
      'p',
      'p (Holm)',
      'won / lost / level',
      'shown',
    ]),
    markdownLine(['---', '---', '---:', '---:', '---:', '---:', '---:', '---']),
    ...pairs.map((pair) =>
      markdownLine([
        `${pair.a} − ${pair.b}`,
        pair.measure,
        signed(pair.delta),
        `${signed(pair.low)} to ${signed(pair.high)}`,
        pText(pair.p),
        pText(pair.corrected),
        `${pair.wins} / ${pair.losses} / ${pair.ties}`,
        pairWords(pair),
      ]),
    ),
  ]
}

function latexTable(comparison: Comparison): string {
  const { measures, systems } = comparison
  const rows = systems.map((system) => {
    const cells = measures.map((measure) => {
      const value = figure(system.mean[measure])
      const text = isBest(system, measure, systems) ? `\\textbf{${value}}` : value
      const letters = system.beats[measure].join('')
      return letters ? `${text}$^{${letters}}$` : text
    })
    return `${[system.letter, latexText(system.name), ...cells].join(' & ')} \\\\`
  })
  return [
    '% needs \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexText(caption(comparison))}}`,
    `\\begin{tabular}{ll${'r'.repeat(measures.length)}}`,
    '\\toprule',
    `${['', 'System', ...measures.map(latexText)].join(' & ')} \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
  ].join('\n')
}

function csvTable({ measures, systems, pairs }: Comparison): string {
  const line = (cells: readonly (string | number | null)[]) => cells.map(csvCell).join(',')
  return [
    line([
      'kind',
      'a',
      'b',
      'measure',
      'value',
      'low',
      'high',
      'p',
      'p_holm',
      'p_student',
      'effect',
      'detectable',
      'wins',
      'losses',
      'ties',
      'better_than',
    ]),
    ...systems.flatMap(({ name, mean, beats }) =>
      measures.map((measure) =>
        line([
          'mean',
          name,
          '',
          measure,
          mean[measure],
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          '',
          beats[measure].map((letter) => nameOf(systems, letter)).join(' ; '),
        ]),
      ),
    ),
    ...pairs.map((pair) =>
      line([
        'difference',
        nameOf(systems, pair.a),
        nameOf(systems, pair.b),
        pair.measure,
        pair.delta,
        pair.low,
        pair.high,
        pair.p,
        pair.corrected,
        pair.student,
        pair.effect,
        pair.detectable,
        pair.wins,
        pair.losses,
        pair.ties,
        '',
      ]),
    ),
  ].join('\n')
}

/** What a reader must know to read the table. */
export function caption({ n, tasks, unit, units, cards, examples, systems, pairs }: Comparison): string {
  const data = tasks.length === 1 ? tasks[0] : `${tasks.length} tasks, each counting once`
  const shown = `${cards} cards, ${examples} examples on the card`
  const test =
    systems.length < 2
      ? ''
      : ` Superscripts: better than that system, p < .05 (paired randomisation test ${unitWords({ unit, n: units, tasks: tasks.length })}, Holm over ${pairs[0].family} ${pairs[0].family === 1 ? 'pair' : 'pairs'} a measure). Bold: the highest value, which need not be shown to be better.`
  return `${n} queries of ${data}; ${shown}.${test}`
}

/** `better`, `worse` or `no difference shown`, and nothing else. */
export function pairWords({ corrected, delta }: { corrected: number; delta: number }): string {
  return isShown({ corrected }) ? (delta > 0 ? 'better' : 'worse') : NO_DIFFERENCE
}

export function isBest(system: ComparedSystem, measure: string, systems: readonly ComparedSystem[]): boolean {
  return systems.length > 1 && systems.every(({ mean }) => mean[measure] <= system.mean[measure] + 1e-9)
}

function nameOf(systems: readonly ComparedSystem[], letter: string): string {
  return systems.find((system) => system.letter === letter)!.name
}

export function pText(p: number): string {
  return p < 0.001 ? '< .001' : figure(p)
}

function csvCell(cell: string | number | null): string {
  const text = cell === null ? '' : String(cell)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '−': '$-$',
  '<': '$<$',
  '>': '$>$',
}

function latexText(text: string): string {
  return text.replace(/[\\~^−<>&%$#_{}]/g, (sign) => LATEX[sign] ?? `\\${sign}`)
}
