import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { ResolvedModel } from '../../encoders/model-folder'
import { loadTokenizer } from '../../encoders/tokenizer'
import { copyEncoderFiles, LICENCE_FILES, TOKENIZER_FILES } from '../copy-encoder'
import type { ExportMaterial } from '../export-material'
import { encoderGraph } from '../graphs/encoder-graph'
import { headGraph } from '../graphs/head-graph'
import { requireLocal } from '../require-local'
import { ONNX_RUNTIME, runOnnxHead, runOnnxTexts } from '../running/run-onnx'
import { defineFormat, type ExportRun, type Snippet } from './export-format'

const HEAD = { query: 'head.onnx', document: 'document-head.onnx' } as const
const WHOLE = { query: 'model.onnx', document: 'document-model.onnx' } as const
const HEAD_ALONE = {
  remedy: 'Export the head alone, and encode with the encoder as it is.',
  command: 'hydra export RUN --task TASK --format onnx --set graph=head',
}

export const onnx = defineFormat({
  name: 'onnx',
  title: 'ONNX',
  summary:
    'The head alone, from vectors to vectors; and encoder and head in one graph, from token ids to the vector to search with. For any ONNX Runtime.',
  citation: 'ONNX: open neural network exchange, 2017',
  options: z.strictObject({
    graph: z
      .enum(['both', 'head', 'whole'])
      .default('both')
      .describe('the head alone, the whole with the encoder in the same graph, or both'),
  }),
  create(material, { graph }) {
    const { heads, probes } = material
    const withHead = graph !== 'whole'
    const withEncoder = graph !== 'head'
    const encoder = withEncoder ? requireLocal(material.encoder, HEAD_ALONE) : null
    const sides = [
      { side: 'query', head: heads.head },
      ...(heads.documents ? [{ side: 'document', head: heads.documents } as const] : []),
    ] as const
    return {
      main: withEncoder ? WHOLE.query : HEAD.query,
      library: 'onnx',
      contents: [
        ...(withHead
          ? sides.map(
              ({ side }) =>
                `\`${HEAD[side]}\`: \`vectors\` [n, d] of a ${side}, as the encoder makes them, to \`embedding\`, unit rows.`,
            )
          : []),
        ...(withEncoder
          ? [
              ...sides.map(
                ({ side }) =>
                  `\`${WHOLE[side]}\`: token ids and mask of a ${side} to \`sentence_embedding\`, unit rows; padding stands at the right.`,
              ),
              '`tokenizer.json` and what else the encoder’s tokenizer needs, unchanged.',
            ]
          : []),
      ],
      usage: [...(withHead ? [headSnippet(material)] : []), ...(encoder ? [textSnippet(encoder)] : [])],
      async write(folder) {
        for (const { side, head } of sides) {
          if (withHead) await writeFile(join(folder, HEAD[side]), headGraph(head))
          if (encoder)
            await writeFile(join(folder, WHOLE[side]), await encoderGraph(encoder, head, HEAD_ALONE))
        }
        if (encoder) await copyEncoderFiles(encoder, [...TOKENIZER_FILES, ...LICENCE_FILES], folder)
      },
      async run(folder, signal) {
        const runs: ExportRun[] = []
        const documents = heads.documents !== null
        if (withHead) {
          runs.push({
            part: 'head',
            file: HEAD.query,
            by: ONNX_RUNTIME,
            queries: await runOnnxHead(join(folder, HEAD.query), probes.vectors),
            documents: documents
              ? await runOnnxHead(join(folder, HEAD.document), probes.documents.vectors)
              : null,
          })
        }
        if (encoder) {
          const tokenize = await loadTokenizer({ ...encoder, tokenizerFolder: folder })
          const through = (file: string, prefix: string, texts: readonly string[]) =>
            runOnnxTexts(
              join(folder, file),
              texts.map((text) => tokenize(prefix + text)),
              signal,
            )
          runs.push({
            part: 'encoder and head',
            file: WHOLE.query,
            by: ONNX_RUNTIME,
            queries: await through(WHOLE.query, encoder.prefixes.query, probes.texts),
            documents: documents
              ? await through(WHOLE.document, encoder.prefixes.document, probes.documents.texts)
              : null,
          })
        }
        return runs
      },
    }
  },
})

function headSnippet({ heads, origin }: ExportMaterial): Snippet {
  return {
    language: 'python',
    about: 'Query vectors through the head alone: `pip install numpy onnxruntime`.',
    code: [
      'import numpy as np',
      'import onnxruntime',
      '',
      `head = onnxruntime.InferenceSession("${HEAD.query}")`,
      `x = np.load("queries.npy")  # float32 [n, ${heads.head.weight.columns}]: unit vectors of ${origin.encoder}`,
      'y = head.run(None, {"vectors": x})[0]',
      '# Ask your index for y.',
    ].join('\n'),
  }
}

/** One text at a time: a batch's scale of dynamic int8 weights is that of all its texts. */
function textSnippet({ maxTokens, prefixes, lowerCase }: ResolvedModel): Snippet {
  const text = `${prefixes.query ? `${JSON.stringify(prefixes.query)} + ` : ''}text.strip()${lowerCase ? '.lower()' : ''}`
  return {
    language: 'python',
    about: 'Texts through encoder and head: `pip install numpy onnxruntime tokenizers`.',
    code: [
      'import numpy as np',
      'import onnxruntime',
      'from tokenizers import Tokenizer',
      '',
      `model = onnxruntime.InferenceSession("${WHOLE.query}")`,
      'tokenizer = Tokenizer.from_file("tokenizer.json")',
      'tokenizer.no_padding()',
      `tokenizer.enable_truncation(${maxTokens})`,
      '',
      'def embed(text):',
      `    tokens = tokenizer.encode(${text})`,
      '    given = {"input_ids": tokens.ids, "attention_mask": tokens.attention_mask, "token_type_ids": tokens.type_ids}',
      '    names = [value.name for value in model.get_inputs()]',
      '    return model.run(None, {name: np.array([given[name]]) for name in names})[0][0]',
      '',
      'y = np.array([embed(text) for text in ["leaves of the oak", "wood for boats"]])',
      '# Ask your index for y.',
    ].join('\n'),
  }
}
