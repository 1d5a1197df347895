import { HEADER, jsonl, writeFolder } from '../engine/datasets/small-dataset'

/** What is asked by what, in four groups that share no document. */
export const GROUPS = {
  young: {
    description: 'find the animal whose young is named in the query',
    pairs: [
      ['puppy', 'dog'],
      ['kitten', 'cat'],
      ['calf', 'cow'],
      ['foal', 'horse'],
      ['lamb', 'sheep'],
      ['piglet', 'pig'],
      ['chick', 'hen'],
      ['cub', 'bear'],
    ],
  },
  tool: {
    description: 'find the trade that uses the tool in the query',
    pairs: [
      ['anvil', 'blacksmith'],
      ['plane', 'carpenter'],
      ['oven', 'baker'],
      ['needle', 'tailor'],
      ['plough', 'farmer'],
      ['net', 'fisherman'],
      ['trowel', 'mason'],
      ['loom', 'weaver'],
    ],
  },
  capital: {
    description: 'find the country whose capital is named in the query',
    pairs: [
      ['Paris', 'France'],
      ['Rome', 'Italy'],
      ['Madrid', 'Spain'],
      ['Lisbon', 'Portugal'],
      ['Vienna', 'Austria'],
      ['Athens', 'Greece'],
      ['Oslo', 'Norway'],
      ['Cairo', 'Egypt'],
    ],
  },
  ingredient: {
    description: 'find the dish that is made from the food in the query',
    pairs: [
      ['cabbage', 'sauerkraut'],
      ['chickpeas', 'hummus'],
      ['basil', 'pesto'],
      ['beetroot', 'borscht'],
      ['rice', 'risotto'],
      ['eggs', 'omelette'],
      ['potato', 'gnocchi'],
      ['avocado', 'guacamole'],
    ],
  },
} as const
const PHRASES = {
  'train.tsv': ['a word about', 'the well-known'],
  'dev.tsv': ['an old'],
  'test.tsv': ['picture of'],
}

/** A BEIR folder of 32 documents and four cards: small enough to train on in seconds, with a card to hold out. */
export function writeGroups(folder: string): string {
  const entries = Object.entries(GROUPS)
  const judged = (phrases: readonly string[]) =>
    entries.flatMap(([card, { pairs }]) =>
      phrases.flatMap((phrase) =>
        pairs.map(([asked, answer]) => ({ card, text: `${phrase} ${asked}`, answer })),
      ),
    )
  const idOf = ({ card, text }: { card: string; text: string }) => `${card}-${text.replaceAll(' ', '-')}`
  return writeFolder(folder, {
    'corpus.jsonl': jsonl(
      entries.flatMap(([, { pairs }]) =>
        pairs.map(([, answer]) => ({ _id: answer, title: answer, text: `${answer} is known to everybody.` })),
      ),
    ),
    'queries.jsonl': jsonl(
      Object.values(PHRASES)
        .flatMap(judged)
        .map((one) => ({ _id: idOf(one), text: one.text })),
    ),
    'cards.jsonl': jsonl(
      entries.map(([id, { description, pairs }]) => ({
        card: { id, name: id, description },
        members: pairs.map(([, answer]) => answer),
      })),
    ),
    ...Object.fromEntries(
      Object.entries(PHRASES).map(([file, phrases]) => [
        `qrels/${file}`,
        HEADER.replace('\n', '\tcard-id\n') +
          judged(phrases)
            .map((one) => `${idOf(one)}\t${one.answer}\t1\t${one.card}\n`)
            .join(''),
      ]),
    ),
  })
}
