import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { externalData } from '../../encoders/graphs/external-data'
import type { ResolvedModel } from '../../encoders/model-folder'
import { writeSafetensors } from '../../formats/safetensors'
import { copyEncoderFiles, LICENCE_FILES, TOKENIZER_FILES } from '../copy-encoder'
import type { ExportMaterial } from '../export-material'
import { requireLocal } from '../require-local'
import { runPlainHead } from '../running/plain-head'
import { readSafetensorsArrays } from '../running/read-arrays'
import CERTIFY from './certify.py?raw'
import { defineFormat, type Snippet } from './export-format'
import { type PlacedModule, placeHead, sameHead } from './sentence-modules'

const SCRIPT = 'certify.py'
const PROBES = 'probes.safetensors'
const PLAIN = 'sentence-transformers>=5'
/** Its onnx backend is optimum's, which version 6 is still too new for. */
const WITH_ONNX = 'sentence-transformers[onnx]>=5,<6'

/** Of its modules none asks a service. */
const HEAD_ALONE = {
  remedy: 'Export the head alone, and put it behind the service.',
  command: 'hydra export RUN --task TASK --format safetensors',
}

export const sentenceTransformers = defineFormat({
  name: 'sentence-transformers',
  title: 'sentence-transformers folder',
  summary:
    'Transformer, Pooling, Normalize, then the head as Dense, LayerNorm where it has one, and Normalize; a Router where queries and documents differ. For sentence-transformers 5 or later.',
  citation:
    'Reimers and Gurevych, Sentence-BERT: sentence embeddings using Siamese BERT-networks, EMNLP 2019',
  options: z.strictObject({
    encoder: z
      .enum(['included', 'named'])
      .default('included')
      .describe(
        'included: its ONNX weights are copied, the folder loads as it is, by the onnx backend; named: only the head’s modules, put behind an encoder that you load',
      ),
  }),
  async create(material, { encoder: placed }) {
    const { heads, probes } = material
    const encoder = requireLocal(material.encoder, HEAD_ALONE)
    const included = placed === 'included'
    if (included) await requireCopyable(encoder)
    const head = placeHead(heads, included ? 3 : 0)
    return {
      main: null,
      library: 'sentence-transformers',
      contents: [
        included
          ? '`modules.json` and the folders that it names: the model. `onnx/model.onnx` is the encoder’s own file, unchanged.'
          : `\`modules.json\` names what stands behind the encoder: ${head.modules.map(({ path }) => `\`${path}\``).join(', ')}. The encoder is not here.`,
        `\`${SCRIPT}\`: runs the folder in Python and writes what it finds into certificate.json; \`${PROBES}\`: what it holds it against.`,
      ],
      usage: [included ? includedSnippet(material) : namedSnippet(material, head.modules)],
      elsewhere: {
        what: 'sentence-transformers',
        script: SCRIPT,
        command: `pip install "${included ? WITH_ONNX : PLAIN}" && python ${SCRIPT}`,
      },
      async write(folder) {
        const files = new Map<string, string | Uint8Array>(head.files)
        const modules: PlacedModule[] = [...head.modules]
        if (included) {
          modules.unshift(...ENCODER_MODULES)
          for (const [path, value] of Object.entries(encoderConfigs(encoder))) files.set(path, json(value))
          files.set('onnx/model.onnx', await readFile(encoder.weights))
          await copyEncoderFiles(encoder, [...TOKENIZER_FILES, 'config.json', ...LICENCE_FILES], folder)
        }
        const listed = modules.map(({ path, type }, i) => ({
          idx: i,
          name: String(i),
          path,
          type: `sentence_transformers.models.${type}`,
        }))
        files.set('modules.json', json(listed))
        files.set(SCRIPT, CERTIFY)
        files.set(PROBES, encodeProbes(material))
        for (const [path, content] of files) {
          await mkdir(dirname(join(folder, path)), { recursive: true })
          await writeFile(join(folder, path), content)
        }
      },
      /** What can be run here: the weights as they lie in the folder, by the formula. The modules themselves are Python's. */
      async run(folder) {
        const through = async (paths: HeadPaths, vectors: typeof probes.vectors) =>
          runPlainHead(await readModuleArrays(folder, paths), '', vectors)
        const { documents } = heads
        return [
          {
            part: 'weights of the modules',
            file: head.queries.dense,
            by: 'a second reader, in float64',
            queries: await through(head.queries, probes.vectors),
            documents:
              documents && head.documents ? await through(head.documents, probes.documents.vectors) : null,
          },
        ]
      },
    }
  },
})

type HeadPaths = { readonly dense: string; readonly norm: string | null }

async function readModuleArrays(folder: string, { dense, norm }: HeadPaths) {
  const read = async (path: string) => readSafetensorsArrays(await readFile(join(folder, path)))
  const linear = await read(dense)
  const layer = norm ? await read(norm) : null
  const found = [
    ['W', linear.get('linear.weight')],
    ['b', linear.get('linear.bias')],
    ['norm.scale', layer?.get('norm.weight')],
    ['norm.shift', layer?.get('norm.bias')],
  ] as const
  return new Map(found.flatMap(([name, array]) => (array ? [[name, array] as const] : [])))
}

const ENCODER_MODULES: readonly PlacedModule[] = [
  { path: '', type: 'Transformer' },
  { path: '1_Pooling', type: 'Pooling' },
  { path: '2_Normalize', type: 'Normalize' },
]

/** Configurations as the encoder is used here, whatever its own files leave open. */
function encoderConfigs({ width, pooling, maxTokens, lowerCase, prefixes }: ResolvedModel) {
  return {
    'sentence_bert_config.json': { max_seq_length: maxTokens, do_lower_case: lowerCase },
    '1_Pooling/config.json': {
      word_embedding_dimension: width,
      pooling_mode_cls_token: pooling === 'cls',
      pooling_mode_mean_tokens: pooling === 'mean',
      pooling_mode_lasttoken: pooling === 'last',
    },
    '2_Normalize/config.json': {},
    'config_sentence_transformers.json': {
      prompts: prefixes,
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    },
  }
}

/** @throws MODEL_UNSUPPORTED where the stock modules cannot make the encoder's vectors from its one file */
async function requireCopyable(model: ResolvedModel): Promise<void> {
  const got =
    model.kind !== 'transformer'
      ? `the static model ${model.id}`
      : model.dimensions !== model.width
        ? `one cut to ${model.dimensions} of ${model.width} components`
        : (await externalData(model.weights)).length > 0
          ? 'one whose weights lie beside its graph'
          : null
  if (got === null) return
  throw new HydraError('MODEL_UNSUPPORTED', {
    expected: 'a transformer of one ONNX file with all its components, to copy it into the folder',
    got,
    remedy: 'Export the head’s modules alone, and put them behind the encoder as you load it.',
    command: 'hydra export RUN --task TASK --format sentence-transformers --set encoder=named',
    where: model.folder,
  })
}

/** What certify.py holds the folder against: the encoder's vectors of the probes, and what the engine makes of them. */
function encodeProbes({ heads, probes: { texts, vectors, queries, documents } }: ExportMaterial): Uint8Array {
  const tensor = ({ rows, columns, data }: typeof vectors) =>
    ({ dtype: 'F32', shape: [rows, columns], data }) as const
  return writeSafetensors(
    {
      vectors: tensor(vectors),
      queries: tensor(queries),
      'documents.vectors': tensor(documents.vectors),
      ...(documents.transformed ? { 'documents.transformed': tensor(documents.transformed) } : {}),
    },
    { texts: JSON.stringify(texts), routed: String(!sameHead(heads)) },
  )
}

function includedSnippet({ heads }: ExportMaterial): Snippet {
  return {
    language: 'python',
    about: `Texts through the model: \`pip install "${WITH_ONNX}"\`. int8 weights are run one text at a time, since their scale is that of a whole batch.`,
    code: [
      'from sentence_transformers import SentenceTransformer',
      '',
      'model = SentenceTransformer(".", backend="onnx")',
      'y = model.encode_query(["leaves of the oak", "wood for boats"], batch_size=1)',
      `z = model.encode_document(["The oak is a tree."], batch_size=1)${heads.documents ? '' : '  # as the encoder has them'}`,
      '# Ask an index of z for y.',
    ].join('\n'),
  }
}

function namedSnippet({ encoderOrigin }: ExportMaterial, modules: readonly PlacedModule[]): Snippet {
  const types = [...new Set(modules.map(({ type }) => type))]
  return {
    language: 'python',
    about: `The head behind an encoder: \`pip install "${PLAIN}"\`. Other weights than those that the head was trained with, fp32 for int8, give vectors that differ a little.`,
    code: [
      'from sentence_transformers import SentenceTransformer',
      `from sentence_transformers.models import ${types.join(', ')}`,
      '',
      `encoder = SentenceTransformer(${JSON.stringify(encoderOrigin.model)})`,
      `head = [${modules.map(({ type, path }) => `${type}.load("${path}")`).join(', ')}]`,
      'model = SentenceTransformer(modules=[*encoder, *head])',
      'y = model.encode_query(["leaves of the oak", "wood for boats"])',
      '# Ask your index for y.',
    ].join('\n'),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
