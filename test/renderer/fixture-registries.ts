import type { OptionDescription, Registry, RegistryEntry } from '../../src/shared/schemas/registry'
import type { Recipe } from '../../src/shared/schemas/run'
import { USUAL_GENERATION } from '../../src/shared/schemas/runs/generation'

function option(name: string, change: Partial<OptionDescription>): OptionDescription {
  return {
    name,
    type: 'number',
    description: `What ${name} does, in a sentence.`,
    min: null,
    max: null,
    above: false,
    nullable: false,
    choices: null,
    ...change,
  }
}

function entry(name: string, title: string, options: OptionDescription[] = []): RegistryEntry {
  return { name, title, summary: `${title} in a sentence.`, citation: 'Somebody, Something, 2020', options }
}

/** One registry of each kind that the Train form is made from, with every type of option. */
export const REGISTRIES: readonly Registry[] = [
  {
    kind: 'teacher',
    title: 'Teachers',
    summary: 'Whose orderings are learned.',
    entries: [
      entry('bm25', 'BM25', [
        option('k1', { default: 1.2, min: 0, max: 10 }),
        option('stem', { type: 'flag', default: true }),
      ]),
      entry('fusion', 'Fusion', [
        option('of', { type: 'texts', default: ['dense', 'bm25'] }),
        option('normalisation', {
          type: 'choice',
          choices: ['min-max', 'z-score', 'rrf'],
          default: 'min-max',
        }),
        option('weights', { type: 'numbers', nullable: true, default: null }),
        option('memberOptions', { type: 'json', default: {} }),
      ]),
      entry('judgments', 'Train judgments'),
    ],
  },
  {
    kind: 'sampler',
    title: 'Preference samplers',
    summary: 'Which documents.',
    entries: [entry('uniform', 'Uniform'), entry('hard', 'Hard negatives')],
  },
  {
    kind: 'exporter',
    title: 'Exporters',
    summary: 'Formats in which a head leaves.',
    entries: [entry('safetensors', 'safetensors'), { ...entry('compiler', 'Compiler'), subject: 'run' }],
  },
  {
    kind: 'generator',
    title: 'Generators',
    summary: 'How a card becomes a head.',
    entries: [
      entry('basis', 'Mixed basis', [option('skip', { type: 'flag', default: true })]),
      entry('direct', 'Direct'),
    ],
  },
  {
    kind: 'head',
    title: 'Heads',
    summary: 'What a head computes.',
    entries: [
      entry('residual', 'Residual'),
      entry('projection', 'Projection', [
        option('dimensions', { type: 'integer', default: 256, min: 2, max: 4096 }),
      ]),
    ],
  },
  {
    kind: 'loss',
    title: 'Losses',
    summary: 'What training makes small.',
    entries: [
      entry('listwise', 'Listwise softmax'),
      entry('pairwise', 'Pairwise', [option('weighted', { type: 'flag', default: true })]),
    ],
  },
  {
    kind: 'preset',
    title: 'Presets',
    summary: 'Whole recipes.',
    entries: [entry('recommended', 'Recommended'), entry('quick', 'Quick')],
  },
  {
    kind: 'setting',
    title: 'Settings',
    summary: 'What is no choice among variants.',
    entries: [
      entry('cards', 'Cards', [
        option('conditioning', { type: 'choices', choices: ['description', 'queries', 'documents'] }),
        option('nullCards.share', { min: 0, max: 1 }),
      ]),
      entry('optimiser', 'Optimiser', [
        option('learningRate', { min: 0, above: true, max: 1000 }),
        option('clipNorm', { min: 0, above: true, nullable: true }),
      ]),
    ],
  },
]

export const RECIPE: Recipe = {
  generator: { name: 'basis', options: { skip: true } },
  head: { name: 'residual', options: {} },
  losses: [{ name: 'listwise', options: {}, weight: 1 }],
  teacher: { name: 'judgments', options: {} },
  sampler: { name: 'uniform', options: {} },
  side: 'query',
  corporaPerStep: 1,
  documentGain: 2,
  descriptionGain: 0.5,
  basis: 32,
  rank: 8,
  hidden: 128,
  conditioning: ['description', 'queries', 'documents', 'difference', 'domain', 'query type'],
  minExamples: 1,
  maxExamples: 16,
  descriptionOnly: 0.4,
  feedbackWeight: 0.5,
  cardNoise: 0,
  cardDropout: 0,
  nullCards: { share: 0, penalty: 5 },
  wrongCards: { share: 0, margin: 0.1, weight: 0.5 },
  temperature: 0.05,
  identityPenalty: 0.3,
  candidates: 3000,
  learningRate: 0.001,
  weightDecay: 0.01,
  warmupSteps: 50,
  clipNorm: null,
  tasksPerStep: 16,
  queriesPerStep: 128,
  teacherGate: true,
  queries: 'judged',
  pseudoQueries: 1000,
  generated: USUAL_GENERATION,
  steps: 800,
  devEvery: 200,
  keep: 'last',
  patience: null,
}
