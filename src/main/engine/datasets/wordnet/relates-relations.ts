import { DERIVATIONS, HYPERNYMS, HYPONYMS, PARTS, WHOLES, type WordNetPath } from './wordnet-paths'

/** A typed relation of one or two steps between synsets, with the words that ask for it. */
export interface Relation {
  /** First half of the ids of its cards. */
  readonly id: string
  readonly name: string
  /** The card's first wording, which tests use (docs/method.md#the-collection-wordnet-relates). */
  readonly description: string
  /** The same in other words, for wordings. */
  readonly paraphrase: string
  readonly path: WordNetPath
}

/**
 * Twenty relations (docs/method.md#the-collection-wordnet-relates). Some overlap: the broader term's siblings are among the
 * broader terms of siblings.
 */
export const RELATES_RELATIONS: readonly Relation[] = [
  {
    id: 'hypernym',
    name: 'broader term',
    description: 'find the broader term (hypernym) of the query',
    paraphrase: 'what the query is a kind of',
    path: [HYPERNYMS],
  },
  {
    id: 'hypernym-hypernym',
    name: 'broader term of the broader term',
    description: 'find the broader term of the broader term of the query',
    paraphrase: 'what the class of the query is a kind of',
    path: [HYPERNYMS, HYPERNYMS],
  },
  {
    id: 'hyponym',
    name: 'kinds',
    description: 'find the kinds (hyponyms) of the query',
    paraphrase: 'what is an example of the query',
    path: [HYPONYMS],
  },
  {
    id: 'hyponym-hyponym',
    name: 'kinds of kinds',
    description: 'find the kinds of the kinds of the query',
    paraphrase: 'what lies two levels below the query',
    path: [HYPONYMS, HYPONYMS],
  },
  {
    id: 'sibling',
    name: 'siblings',
    description: 'find the siblings of the query, other kinds of the same broader term',
    paraphrase: 'what belongs to the same class as the query',
    path: [HYPERNYMS, HYPONYMS],
  },
  {
    id: 'whole',
    name: 'wholes',
    description: 'find the whole of which the query is a part or member',
    paraphrase: 'what the query belongs to as a part',
    path: [WHOLES],
  },
  {
    id: 'part',
    name: 'parts',
    description: 'find the parts, members or substances of the query',
    paraphrase: 'what the query consists of',
    path: [PARTS],
  },
  {
    id: 'derivation',
    name: 'related words',
    description: 'find the derivationally related words of the query',
    paraphrase: 'words of the same family as the query',
    path: [DERIVATIONS],
  },
  {
    id: 'topic',
    name: 'field',
    description: 'find the field or topic to which the query belongs',
    paraphrase: 'the subject area of the query',
    path: [[';c']],
  },
  {
    id: 'in-topic',
    name: 'terms of the field',
    description: 'find the terms that belong to the field of the query',
    paraphrase: 'terms whose subject area is the query',
    path: [['-c']],
  },
  {
    id: 'sibling-hyponym',
    name: 'kinds of a sibling',
    description: 'find the kinds of a sibling of the query',
    paraphrase: 'examples of something in the same class as the query',
    path: [HYPERNYMS, HYPONYMS, 'others', HYPONYMS],
  },
  {
    id: 'derivation-hypernym',
    name: 'broader terms of related words',
    description: 'find the broader terms of the derivationally related words of the query',
    paraphrase: 'what words of the same family as the query are kinds of',
    path: [DERIVATIONS, HYPERNYMS],
  },
  {
    id: 'derivation-hyponym',
    name: 'kinds of related words',
    description: 'find the kinds of the derivationally related words of the query',
    paraphrase: 'examples of a word of the same family as the query',
    path: [DERIVATIONS, HYPONYMS],
  },
  {
    id: 'hypernym-derivation',
    name: 'related words of the broader term',
    description: 'find the derivationally related words of the broader term of the query',
    paraphrase: 'words of the same family as the class of the query',
    path: [HYPERNYMS, DERIVATIONS],
  },
  {
    id: 'hyponym-derivation',
    name: 'related words of kinds',
    description: 'find the derivationally related words of the kinds of the query',
    paraphrase: 'words of the same family as examples of the query',
    path: [HYPONYMS, DERIVATIONS],
  },
  {
    id: 'co-part',
    name: 'other parts of the same whole',
    description: 'find the other parts or members of the whole to which the query belongs',
    paraphrase: 'what belongs to the same whole as the query',
    path: [WHOLES, PARTS],
  },
  {
    id: 'hypernym-part',
    name: 'parts of the broader term',
    description: 'find the parts or members of the broader term of the query',
    paraphrase: 'what the class of the query consists of',
    path: [HYPERNYMS, PARTS],
  },
  {
    id: 'part-hyponym',
    name: 'kinds of parts',
    description: 'find the kinds of the parts or members of the query',
    paraphrase: 'examples of what the query consists of',
    path: [PARTS, HYPONYMS],
  },
  {
    id: 'hypernym-sibling',
    name: 'broader term and its siblings',
    description: 'find the broader term of the query and its siblings',
    paraphrase: 'the class of the query and the classes beside it',
    path: [HYPERNYMS, HYPERNYMS, HYPONYMS],
  },
  {
    id: 'derivation-derivation',
    name: 'related words of related words',
    description: 'find the other derivationally related words of the related words of the query',
    paraphrase: 'words of the same family as a relative of the query',
    path: [DERIVATIONS, DERIVATIONS],
  },
]
