import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import {
  type CardVariants,
  type CardVariantsRequest,
  cardVariantsRequestSchema,
} from '../../../shared/schemas/tables/card-variants'
import type { VariantSet } from '../../../shared/tables/variant-words'
import type { Task } from '../../engine/datasets/collection'
import { unseenGroups } from '../../engine/evaluation/card-groups'
import { sampledTasks } from '../../engine/evaluation/sampled-tasks'
import { showCard } from '../../engine/evaluation/shown-card'
import {
  type CardVariant,
  partsLeftOut,
  type RewordedTask,
  rewordedTasks,
} from '../../engine/evaluation/variants/card-variants'
import {
  type ScoredVariant,
  type ScoredVariants,
  scoreVariants,
} from '../../engine/evaluation/variants/score-variants'
import { HEADLINE } from '../../engine/evaluation/verdict'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { meanOf } from '../../engine/statistics/inference'
import { readRun } from '../../workspace/runs/run-folder'
import { writeCardVariants } from '../../workspace/runs/tables/card-variants-file'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { encodeTasks } from '../encoding/encode-tasks'
import { defineOperation, runInput } from '../operation'
import { progressMeter } from '../progress-meter'
import { requireCardCheckpoint, withNetwork } from './card-network'

/** A run's cards with a part left out, or said otherwise, written beside its verdict. */
export const cardVariants = defineOperation({
  name: 'card-variants',
  input: cardVariantsRequestSchema,
  output: runInput,
  session: false,
  async run(request, context) {
    const { run: id, about, examples } = request
    const started = context.now().getTime()
    const run = await readRun(context.workspace, id)
    const checkpoint = await requireCardCheckpoint(run, context)
    const { seen, unseen, collections } = await loadRunTasks(run, context)
    const { split = 'test', seed } = run.request
    const { conditioning } = checkpoint.description
    // A network that was trained without examples is tested without.
    const readable = run.recipe?.maxExamples === 0 && examples > 0 ? [] : [...unseen, ...seen]
    const ofTask = (tasks: readonly Task[]) =>
      tasks.filter((task) => readable.includes(task)).map((task) => ({ task }))
    const groups = [...unseenGroups(ofTask(unseen), ofTask(seen)), ['seen', ofTask(seen)] as const].flatMap(
      ([cards, tasks]) => {
        const sample = sampledTasks(tasks, { examples, split, seed, use: `card variants/${cards}` })
        return sample.tasks.length > 0 ? [{ cards, ...sample }] : []
      },
    )
    const sampled = groups.flatMap(({ tasks }) => tasks.map(({ task }) => task))
    const reworded = new Map(
      sampled.map((task) => [task, rewordedTasks(task, about, { conditioning, seed })]),
    )
    const encoder = await context.openEncoder(run.encoder.id, 2)
    const encoded = await encodeTasks(
      {
        tasks: [...sampled, ...[...reworded.values()].flat().map(({ task }) => task)],
        trained: seen,
        encoder,
        conditioning,
      },
      context,
    ).finally(() => encoder.dispose())
    const byTask = new Map(encoded.tasks.map((task) => [task.task, task]))
    const meter = progressMeter({ phase: about, unit: 'tasks', emit: context.emit, now: context.now })
    let done = 0
    const tables: CardVariants['tables'] = []
    await withNetwork(run, checkpoint, async (network) => {
      for (const { cards, tasks: ofGroup, from } of groups) {
        const tasks = ofGroup.map(({ task }) => byTask.get(task)!)
        const ready = madeVariants(tasks, { run, request, conditioning, reworded, byTask })
        const before = done
        const scored = await scoreVariants({
          tasks,
          ...ready,
          network,
          networkMean: checkpoint.descriptionMean,
          split,
          seed,
          signal: context.signal,
          threads: 2,
          onTask: (count) => meter(before + count, sampled.length),
        })
        done += tasks.length
        if (scored.variants.length > 0) tables.push({ cards, sampledFrom: from, ...table(scored) })
      }
    })
    if (tables.length === 0) throw nothingToVary(request)
    await writeCardVariants(context.workspace, {
      version: 1,
      run: id,
      createdAt: context.now().toISOString(),
      about,
      examples,
      measure: HEADLINE,
      split,
      seed,
      datasets: collections.map(({ id, sha256 }) => ({ id, sha256 })),
      tables,
      seconds: (context.now().getTime() - started) / 1000,
    })
    return { run: id }
  },
})

/** What each task's card is, and what else it could be. */
function madeVariants(
  tasks: readonly EncodedTask[],
  options: {
    readonly run: RunRecord
    readonly request: CardVariantsRequest
    readonly conditioning: Parameters<typeof partsLeftOut>[2]['conditioning']
    readonly reworded: ReadonlyMap<Task, readonly RewordedTask[]>
    readonly byTask: ReadonlyMap<Task, EncodedTask>
  },
) {
  const { run, request, conditioning, reworded, byTask } = options
  const { seed } = run.request
  const feedbackWeight = run.recipe?.feedbackWeight ?? 0
  const show = (task: EncodedTask) => showCard(task, request.examples, seed, feedbackWeight)
  const shown = new Map(tasks.map((task) => [task, show(task)]))
  const variants = new Map(
    tasks.map((task) => {
      const words = reworded.get(task.task)!.map(({ name, task: other }): CardVariant => {
        const { vectors } = show(byTask.get(other)!)
        return { name, vectors: () => vectors }
      })
      const parts =
        request.about === 'attribution'
          ? partsLeftOut(task, shown.get(task)!, { conditioning, seed, feedbackWeight })
          : []
      return [task, [...parts, ...words]] as const
    }),
  )
  return { shown, variants }
}

function table({
  tasks,
  variants,
}: ScoredVariants): Omit<CardVariants['tables'][number], 'cards' | 'sampledFrom'> {
  return {
    tasks: tasks.map(({ task: { task }, queries, frozen, whole }) => ({
      task: task.id,
      name: task.card.name,
      n: queries,
      frozen,
      whole,
    })),
    variants: variants.map(variantRow),
  }
}

function variantRow({ name, sampling, change, overlap, cosine, tasks }: ScoredVariant) {
  const { value: delta, n, ...tested } = change
  return {
    variant: name,
    tasks: tasks.length,
    unit: sampling.unit,
    n,
    change: { delta, ...tested },
    overlap,
    cosine,
    perTask: Object.fromEntries(
      tasks.map(({ task, draws, ...values }) => [
        task.task.id,
        {
          change: meanOf(values.change),
          overlap: meanOf(values.overlap),
          cosine: meanOf(values.cosine),
          draws: [...draws],
        },
      ]),
    ),
  }
}

const NOTHING: Readonly<Record<VariantSet, string>> = {
  attribution: 'a card of which a part can be left out',
  robustness: 'a network that reads descriptions',
}

function nothingToVary({ run, about, examples }: CardVariantsRequest): HydraError {
  return new HydraError('TASK_UNUSABLE', {
    expected: `${NOTHING[about]}, on a task with judged queries and ${examples} examples on its card`,
    got: `none in ${run}`,
    remedy: 'Choose another number of examples, or another run.',
    command: `hydra evaluate ${run} --${about} --examples 0`,
  })
}

declare module '../operation' {
  interface Operations {
    'card-variants': typeof cardVariants
  }
}
