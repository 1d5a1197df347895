import { z } from 'zod'
import type { ConditioningPart } from '../../../shared/schemas/run'
import type { Spec } from '../registry/registry'

const options = z.strictObject({})
const rocchio = 'Rocchio, Relevance feedback in information retrieval, 1971'
const instructions =
  'Su et al., One embedder, any task: instruction-finetuned text embeddings, Findings of ACL 2023'

/** What a network may look at, in the order of the card; cardFeatures (card-vectors.ts) and the card's text obey it. */
export const conditioningParts: readonly (Spec & { readonly name: ConditioningPart })[] = [
  {
    name: 'description',
    title: 'Description',
    summary: 'The vector of the card’s description: all that a card without examples has to say.',
    citation: instructions,
    options,
  },
  {
    name: 'queries',
    title: 'Example queries',
    summary: 'The mean vector of the card’s example queries.',
    citation: 'Asai et al., Task-aware retrieval with instructions, Findings of ACL 2023',
    options,
  },
  {
    name: 'documents',
    title: 'Example documents',
    summary: 'The mean vector of the card’s example documents, the strongest part of a card.',
    citation: rocchio,
    options,
  },
  {
    name: 'difference',
    title: 'Difference',
    summary:
      'The mean difference from an example query to its document: what tells hypernym from hyponym where the topics are the same.',
    citation:
      'Mikolov, Yih and Zweig, Linguistic regularities in continuous space word representations, NAACL 2013',
    options,
  },
  {
    name: 'domain',
    title: 'Domain',
    summary: 'The card’s words about its field, read with the description.',
    citation: instructions,
    options,
  },
  {
    name: 'query type',
    title: 'Query type',
    summary: 'The card’s words about the form of its queries, read with the description.',
    citation: instructions,
    options,
  },
  {
    name: 'corpus',
    title: 'Corpus',
    summary:
      'The mean document of the corpus that is searched, centred on the mean over the trained corpora; it stands in the example documents’ place where a card shows none.',
    citation: 'Callan, Lu and Croft, Searching distributed collections with inference networks, SIGIR 1995',
    options,
  },
]
