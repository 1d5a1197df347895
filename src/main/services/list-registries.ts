import type { Registry, RegistryEntry, RegistryKind } from '../../shared/schemas/registry'
import { recipeSchema } from '../../shared/schemas/run'
import { SETTING_GROUPS, type SettingGroup } from '../../shared/schemas/runs/setting'
import { sourceTerms } from '../engine/datasets/sources/source-terms'
import { describeOptions } from '../engine/registry/describe-options'
import type { Spec } from '../engine/registry/registry'

/** The kinds that a recipe names one variant of, or several. */
const CHOSEN: readonly string[] = ['generator', 'head', 'losses', 'teacher', 'sampler']

/** What each group of settings is about. */
const GROUPS: Readonly<Record<SettingGroup, readonly [title: string, summary: string]>> = {
  network: ['Network', 'The size of the network and where it starts.'],
  cards: ['Cards', 'What the network sees of a card while it trains.'],
  objective: ['Objective', 'What the losses share.'],
  optimiser: ['Optimiser', 'AdamW with warm-up and a cosine.'],
  sampling: ['Step', 'What one step is made of.'],
  'generated queries': [
    'Generated queries',
    'How a model writes queries for documents, and which are kept, where generated queries ask.',
  ],
  stopping: ['Length', 'How long to train, and what to keep.'],
}

/** Every registry of the workbench as data: what the command line, the form and docs/reference.md are made from. */
export async function listRegistries(): Promise<Registry[]> {
  // Loaded on demand: generators, heads and losses bring TensorFlow.js along, which nothing else in a host needs.
  const [
    teachers,
    samplers,
    conditioning,
    generators,
    heads,
    losses,
    encoders,
    backends,
    measures,
    presets,
    rules,
    exporters,
    indexEngines,
    sources,
    providers,
  ] = await Promise.all([
    import('../engine/teachers').then((module) => module.teachers),
    import('../engine/preferences/samplers').then((module) => module.samplers),
    import('../engine/hypernet/conditioning-parts').then((module) => module.conditioningParts),
    import('../engine/hypernet/generators').then((module) => module.generators),
    import('../engine/hypernet/heads').then((module) => module.heads),
    import('../engine/training/losses').then((module) => module.losses),
    import('../engine/encoders').then((module) => module.encoders),
    import('../engine/training/backends').then((module) => module.backends),
    import('../engine/measures').then((module) => module.measureSpecs()),
    import('../engine/training/recipes/recipes').then((module) => module.PRESETS),
    import('../engine/protocol/rules').then((module) => module.rules),
    import('../engine/exporting/formats').then((module) => module.exporters),
    import('../engine/indexes/engines').then((module) => module.indexEngines),
    import('../engine/datasets/sources').then((module) => module.sources),
    import('../engine/encoders/providers').then((module) => module.providers),
  ])
  const registry = (
    kind: RegistryKind,
    title: string,
    summary: string,
    entries: RegistryEntry[],
  ): Registry => ({
    kind,
    title,
    summary,
    entries,
  })
  return [
    registry('teacher', 'Teachers', 'Whose orderings of documents are learned.', teachers.map(describeSpec)),
    registry(
      'sampler',
      'Preference samplers',
      'Which documents of an ordering a step looks at: candidates, negatives, pairs and lists.',
      samplers.map(describeSpec),
    ),
    registry(
      'conditioning',
      'Conditioning parts',
      'What of a card the network looks at; each can be left out.',
      conditioning.map(describeSpec),
    ),
    registry(
      'generator',
      'Generators',
      'How a card becomes the weights of a head.',
      generators.map(describeSpec),
    ),
    registry('head', 'Heads', 'What is computed of a frozen vector.', heads.map(describeSpec)),
    registry(
      'loss',
      'Losses',
      'What training makes small; several can be summed with weights.',
      losses.map(describeSpec),
    ),
    registry('encoder', 'Encoders', 'Frozen sentence encoders.', encoders.map(describeSpec)),
    registry(
      'backend',
      'Backends',
      'What TensorFlow.js runs on; auto takes the fastest of what was measured, else the first, that passes its self-check.',
      backends.map((backend) => ({
        ...describeSpec(backend),
        summary: backend.from ? `${backend.summary} Added by \`${backend.from.command}\`.` : backend.summary,
      })),
    ),
    registry(
      'provider',
      'Providers',
      'What ONNX Runtime runs an encoder on: `?provider=NAME` behind its name; checked against the processor before it is used.',
      providers.map(describeSpec),
    ),
    registry(
      'measure',
      'Measures',
      'Every score of an evaluation, with its cut-off after an @.',
      measures.map(describeSpec),
    ),
    registry(
      'preset',
      'Presets',
      'Whole recipes; whatever is said besides replaces a part of one.',
      presets.map(({ name, title, summary }) => ({ name, title, summary, citation: '', options: [] })),
    ),
    registry(
      'setting',
      'Settings of a recipe',
      'What is no choice among variants. The preset says each.',
      settings(),
    ),
    registry(
      'rule',
      'Protocol rules',
      'What `hydra datasets lint` looks for: signs that a score would not mean what it seems to mean.',
      rules.map((rule) => ({
        ...describeSpec(rule),
        summary: `${rule.summary} Severity: ${rule.severity}.`,
      })),
    ),
    registry(
      'exporter',
      'Exporters',
      'Formats in which a head, or what makes heads, leaves the workbench, each with a README and a certificate of what was run to prove it.',
      exporters.map((exporter) => ({
        ...describeSpec(exporter),
        ...(exporter.subject ? { subject: exporter.subject } : {}),
      })),
    ),
    registry(
      'index',
      'Indexes',
      'Engines that hold the vectors of a collection and search them: one index, and as many cards as one likes.',
      indexEngines.map((engine) => ({
        ...describeSpec(engine),
        summary: engine.client?.command
          ? `${engine.summary} Added by \`${engine.client.command}\`.`
          : engine.summary,
      })),
    ),
    registry(
      'source',
      'Sources',
      'Collections and families that are imported by name: fetched when that is asked, and only then, and held to their published checksums.',
      sources.map((source) => ({
        ...describeSpec(source),
        summary: `${source.summary} ${sourceTerms(source)}`,
      })),
    ),
  ]
}

function describeSpec({ name, title, summary, citation, options }: Spec): RegistryEntry {
  return { name, title, summary, citation, options: describeOptions(options) }
}

/** The settings by group. What the schema has as a default only serves runs of before there was the setting: presets say all. */
function settings(): RegistryEntry[] {
  const options = describeOptions(recipeSchema).filter(({ name }) => !CHOSEN.includes(name.split('.')[0]))
  return SETTING_GROUPS.map((name) => {
    const [title, summary] = GROUPS[name]
    const own = options.filter(({ group }) => group === name).map(({ default: _, ...option }) => option)
    return { name, title, summary, citation: '', options: own }
  })
}
