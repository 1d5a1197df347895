import { DEFAULT_ENCODER } from '../../../shared/default-encoder'
import type { Spec } from '../registry/registry'
import { modelOptionsSchema } from './model-name'

const citation =
  'Reimers and Gurevych, Sentence-BERT: sentence embeddings using Siamese BERT-networks, EMNLP 2019'

/** What `--encoder` takes. All of them are opened alike, by what their folder says (model-folder.ts). */
export const encoders: readonly Spec[] = [
  {
    name: DEFAULT_ENCODER,
    title: DEFAULT_ENCODER,
    summary:
      'Comes with the workbench: 384 dimensions, 256 tokens, mean pooling, int8 weights. Six layers, the fastest of its kind.',
    citation,
    options: modelOptionsSchema,
  },
  {
    name: 'folder',
    title: 'A model folder',
    summary:
      'A name below models/ of the workspace (`hydra models add` puts it there), or a path: Hugging Face layout with an ONNX graph, mean, CLS or last-token pooling; or a static model in model2vec’s layout. :int8, :fp32 or :fp16 at the end picks the weights where there are several; options follow a question mark: NAME?cut=256&pooling=cls.',
    citation,
    options: modelOptionsSchema,
  },
  {
    name: 'service',
    title: 'A service',
    summary:
      'A name that `hydra models add https://host/v1 --model NAME` noted: OpenAI’s /embeddings, or text-embeddings-inference’s /embed. Of the options cut, query, document and vectors fit.',
    citation: 'OpenAI, Embeddings, API reference',
    options: modelOptionsSchema.pick({ cut: true, query: true, document: true, vectors: true }),
  },
]
