import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { throwIfCancelled } from '../../../../shared/errors'
import { loadTokenizer } from '../../encoders/tokenizer'
import { onnxModel } from '../../formats/onnx-model'
import { LAYER_NORM_EPSILON } from '../../hypernet/head'
import type { CompiledCard } from '../compiler/compiled-card'
import { compilerFile } from '../compiler/compiler-file'
import { compilerGraph } from '../compiler/compiler-graph'
import type { RecordedGraph } from '../compiler/recorded-graph'
import { copyEncoderFiles, LICENCE_FILES, TOKENIZER_FILES } from '../copy-encoder'
import { encoderGraph } from '../graphs/encoder-graph'
import { requireLocal } from '../require-local'
import { openCompiler } from '../running/run-compiler'
import { ONNX_RUNTIME, runOnnxTexts } from '../running/run-onnx'
import type { CompilerFormat, Snippet } from './export-format'

const GRAPH = 'compiler.onnx'
const ENCODER = 'encoder.onnx'
const FILE = 'compiler.json'
const ENCODER_APART = {
  remedy: 'Export the compiler without its encoder, and encode with the encoder as it is.',
  command: 'hydra export RUN --format compiler --set encoder=named',
}

const options = z.strictObject({
  encoder: z
    .enum(['included', 'named'])
    .default('included')
    .describe(
      'included: the encoder’s graph, from token ids to unit vectors, and its tokenizer; named: only what it is called',
    ),
})

export const compiler: CompilerFormat<typeof options> = {
  name: 'compiler',
  title: 'Compiler (ONNX)',
  summary:
    'Not one head but what makes them: vectors of any card in, W and b out, with gates, experts and what the run hands out. For a service that compiles cards while it runs.',
  citation: 'Ha, Dai and Le, HyperNetworks, ICLR 2017',
  options,
  subject: 'run',
  create(material, { encoder: placed }) {
    const { probes } = material
    const included = placed === 'included'
    const encoder = included ? requireLocal(material.encoder, ENCODER_APART) : null
    const graph = compilerGraph(material.parts)
    return {
      main: null,
      library: 'onnx',
      contents: [
        `\`${GRAPH}\`: ${names(graph.inputs)} to ${names(graph.outputs)}.`,
        `\`${FILE}\`: what each of them is, how a card becomes text, what the corpora’s means are, which head is handed out.`,
        ...(included
          ? [
              `\`${ENCODER}\`: token ids and mask of one text to \`sentence_embedding\`, a unit row. \`tokenizer.json\` and what else the tokenizer needs, unchanged.`,
            ]
          : ['The encoder is not here.']),
      ],
      usage: [graphSnippet(graph)],
      async write(folder) {
        await writeFile(join(folder, GRAPH), onnxModel({ name: 'hydra compiler', ...graph }))
        const about = compilerFile(material, graph, { graph: GRAPH, encoder: included ? ENCODER : null })
        await writeFile(join(folder, FILE), `${JSON.stringify(about, null, 2)}\n`)
        if (!encoder) return
        await writeFile(join(folder, ENCODER), await encoderGraph(encoder, null, ENCODER_APART))
        await copyEncoderFiles(encoder, [...TOKENIZER_FILES, ...LICENCE_FILES], folder)
      },
      async run(folder, signal) {
        const opened = await openCompiler(join(folder, GRAPH))
        const cards: CompiledCard[] = []
        try {
          for (const { inputs } of probes.cards) {
            throwIfCancelled(signal)
            cards.push(await opened.compile(inputs))
          }
        } finally {
          await opened.release()
        }
        const ran = { file: GRAPH, by: ONNX_RUNTIME, cards }
        if (!encoder) return { ...ran, encoder: null }
        const tokenize = await loadTokenizer({ ...encoder, tokenizerFolder: folder })
        const tokens = probes.texts.map((text) => tokenize(encoder.prefixes.query + text))
        const vectors = await runOnnxTexts(join(folder, ENCODER), tokens, signal)
        return { ...ran, encoder: { file: ENCODER, vectors } }
      },
    }
  },
}

function names(values: RecordedGraph['inputs']): string {
  return values.map(({ name }) => `\`${name}\``).join(', ') || 'nothing'
}

/** From vectors on: how texts become vectors is the clients' part (examples/). */
function graphSnippet({ inputs, outputs }: RecordedGraph): Snippet {
  const given = inputs.map(({ name, shape }) => `    "${name}": card["${name}"],  # float32 [${shape}]`)
  const normed = outputs.some(({ name }) => name === 'norm_scale')
  const head = ['W', 'b', ...(normed ? ['norm_scale', 'norm_shift'] : [])]
  return {
    language: 'python',
    about: `A card’s vectors to its head: \`pip install numpy onnxruntime\`. What each of them is stands in ${FILE}; whole clients, from a card’s text on, are the workbench’s \`examples/compile_card.py\` and \`compile-card.mjs\`.`,
    code: [
      'import numpy as np',
      'import onnxruntime',
      '',
      'card = np.load("card.npz")',
      `compiler = onnxruntime.InferenceSession("${GRAPH}")`,
      `${head.join(', ')} = compiler.run(${JSON.stringify(head)}, {`,
      ...given,
      '})',
      'x = np.load("queries.npy")  # float32 [n, d]: unit vectors of the encoder',
      'y = x @ W.T + b',
      ...(normed
        ? [
            `y = (y - y.mean(axis=1, keepdims=True)) / np.sqrt(y.var(axis=1, keepdims=True) + ${LAYER_NORM_EPSILON})`,
            'y = y * norm_scale + norm_shift',
          ]
        : []),
      'y /= np.linalg.norm(y, axis=1, keepdims=True)',
      '# Ask your index for y.',
    ].join('\n'),
  }
}
