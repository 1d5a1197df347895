import { type Files, smallDataset } from './small-dataset'

/** Three corpora: `ports` with a card, `_hidden` without, and `broken`, whose queries name no text. */
export function smallFamily(root = 'kinds/'): Files {
  const below = (corpus: string, files: Files): Files =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}${corpus}/${path}`, text]))
  return {
    [`${root}SOURCE.json`]: JSON.stringify({ name: 'Kinds', licence: 'CC0-1.0', source: 'made for a test' }),
    ...below('ports', {
      ...smallDataset(),
      'card.json': JSON.stringify({ name: 'Ports', description: 'find what is said of ports' }),
    }),
    ...below('_hidden', smallDataset()),
    ...below('broken', { ...smallDataset(), 'queries.jsonl': '{"_id":"q1"}\n' }),
  }
}
