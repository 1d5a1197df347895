import type { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { figure, pWords, signed } from '../../../../shared/figure-words'
import { isShown, NO_DIFFERENCE } from '../../../../shared/is-shown'
import type { CardVariants, cardVariantsRequestSchema } from '../../../../shared/schemas/tables/card-variants'
import { unitWords } from '../../../../shared/unit'
import { alignTable } from '../align-table'
import type { Answer, ServiceClient } from '../arguments/command'
import { truncate } from '../fit-text'
import { CARD_TITLES } from '../ladder-table'

type Table = CardVariants['tables'][number]

const FIRST: Readonly<Record<CardVariants['about'], string>> = {
  attribution: 'left out',
  robustness: 'description',
}

/** A run's cards said or made otherwise, as a person reads it. @param perTask with the change on each task */
function variantsTable(variants: CardVariants, { perTask }: { readonly perTask: boolean }): string {
  const { about, measure, examples, tables, seed } = variants
  const changes = about === 'attribution' ? 'without minus with' : 'variant minus card'
  return tables
    .flatMap((table) => [
      `${CARD_TITLES[table.cards]}, k = ${examples} · ${table.tasks.length} tasks${sampleWords(table, seed)}`,
      '',
      summary(table, FIRST[about]),
      ...(perTask ? ['', taskByTask(table)] : []),
      '',
    ])
    .concat(
      `Change of ${measure} (${changes}), p after Holm over the variants of a table; rank-biased overlap of the first ten and cosine of the query vectors with those of the whole card.`,
    )
    .join('\n')
}

function sampleWords({ tasks, sampledFrom }: Table, seed: number): string {
  return sampledFrom > tasks.length ? ` of ${sampledFrom}, drawn by the seed ${seed}` : ''
}

function summary({ variants, tasks }: Table, first: string): string {
  return alignTable(
    [
      { title: first },
      { title: 'change, 95 %' },
      { title: '' },
      { title: 'overlap', align: 'right' },
      { title: 'cosine', align: 'right' },
      { title: 'over' },
    ],
    variants.map(({ variant, change, overlap, cosine, unit, n, tasks: having }) => [
      variant,
      `${signed(change.delta)} [${signed(change.low)}, ${signed(change.high)}]`,
      isShown(change) ? pWords(change.corrected) : NO_DIFFERENCE,
      figure(overlap.value),
      figure(cosine.value),
      `${unitWords({ unit, n, tasks: having }).replace('over ', '')}${having < tasks.length ? `, which have it` : ''}`,
    ]),
  )
}

/** Changes of one task in a row; where a variant is a mean of several cards, in brackets the least and the greatest. */
function taskByTask({ tasks, variants }: Table): string {
  return alignTable(
    [
      { title: 'task' },
      { title: 'frozen', align: 'right' },
      { title: 'card', align: 'right' },
      ...variants.map(({ variant }) => ({ title: variant, align: 'right' as const })),
    ],
    tasks.map(({ task, frozen, whole }) => [
      truncate(task, 40),
      figure(frozen),
      figure(whole),
      ...variants.map(({ perTask }) => {
        const one = perTask[task]
        if (!one) return ''
        const several =
          one.draws.length > 1
            ? ` [${signed(Math.min(...one.draws))}, ${signed(Math.max(...one.draws))}]`
            : ''
        return `${signed(one.change)}${several}`
      }),
    ]),
  )
}

/** What `evaluate --attribution` and `--robustness` end with. */
export async function variantsAnswer(
  client: ServiceClient,
  request: z.input<typeof cardVariantsRequestSchema>,
  options: { readonly perTask: boolean },
): Promise<Answer> {
  const variants = await client.evaluation.variants(request)
  if (variants) return { json: variants, text: () => variantsTable(variants, options) }
  throw madeOnOtherData(request.run)
}

/** A table beside the verdict that fits the run no more. */
export function madeOnOtherData(run: string): HydraError {
  return new HydraError('RUN_INCOMPLETE', {
    expected: `a table of ${run} on the data that it was scored on`,
    got: 'one on other data',
    remedy: 'Bring back the datasets that the run was made with, or score it again before.',
    command: `hydra evaluate ${run}`,
  })
}
