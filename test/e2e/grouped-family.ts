import { type Files, HEADER, jsonl } from '../engine/datasets/small-dataset'
import { GROUPS } from './grouped-collection'

const MORE = {
  planet: {
    description: 'find the planet that is described in the query',
    pairs: [
      ['nearest to the sun', 'Mercury'],
      ['morning star', 'Venus'],
      ['red', 'Mars'],
      ['largest', 'Jupiter'],
      ['ringed', 'Saturn'],
      ['tilted', 'Uranus'],
      ['furthest', 'Neptune'],
      ['inhabited', 'Earth'],
    ],
  },
  river: {
    description: 'find the river that flows through the city in the query',
    pairs: [
      ['Cologne', 'Rhine'],
      ['London', 'Thames'],
      ['Budapest', 'Danube'],
      ['Dresden', 'Elbe'],
      ['Baghdad', 'Tigris'],
      ['Lyon', 'Rhone'],
      ['Turin', 'Po'],
      ['Hull', 'Humber'],
    ],
  },
  inventor: {
    description: 'find the inventor of the thing in the query',
    pairs: [
      ['telephone', 'Bell'],
      ['dynamite', 'Nobel'],
      ['phonograph', 'Edison'],
      ['steam engine', 'Watt'],
      ['radio', 'Marconi'],
      ['printing press', 'Gutenberg'],
      ['battery', 'Volta'],
      ['telegraph', 'Morse'],
    ],
  },
  colour: {
    description: 'find the colour that the thing in the query has',
    pairs: [
      ['snow', 'white'],
      ['coal', 'black'],
      ['grass', 'green'],
      ['blood', 'red'],
      ['lemon', 'yellow'],
      ['sky', 'blue'],
      ['carrot', 'orange'],
      ['chocolate', 'brown'],
    ],
  },
} as const

const PHRASES = { train: ['a word about'], dev: ['an old'], test: ['picture of'] } as const

/** Eight corpora of eight documents with a card each, as the files of a zip: small enough to train on in seconds. */
export function groupedFamily(): Files {
  const files: Files = {}
  for (const [corpus, { description, pairs }] of Object.entries({ ...GROUPS, ...MORE })) {
    const asked = (split: keyof typeof PHRASES) =>
      PHRASES[split].flatMap((phrase) =>
        pairs.map(([word, answer]) => ({ text: `${phrase} ${word}`, answer })),
      )
    const id = (text: string) => text.replaceAll(' ', '-')
    const splits = Object.keys(PHRASES) as (keyof typeof PHRASES)[]
    files[`${corpus}/card.json`] = JSON.stringify({ name: corpus, description })
    files[`${corpus}/corpus.jsonl`] = jsonl(
      pairs.map(([, answer]) => ({ _id: answer, title: answer, text: `${answer} is known to everybody.` })),
    )
    files[`${corpus}/queries.jsonl`] = jsonl(
      splits.flatMap(asked).map(({ text }) => ({ _id: id(text), text })),
    )
    for (const split of splits)
      files[`${corpus}/qrels/${split}.tsv`] =
        HEADER +
        asked(split)
          .map(({ text, answer }) => `${id(text)}\t${answer}\t1\n`)
          .join('')
  }
  return files
}
