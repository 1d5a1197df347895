import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'

export const ownDocuments: TextRule = {
  name: 'own-documents',
  title: 'Own documents that leave the ranking',
  summary:
    'Queries whose own document is in the corpus and is taken out of their ranking, as the dataset’s protocol says. Who leaves it in gets other figures.',
  citation:
    'Wachsmuth, Syed and Stein, Retrieval of the best counterargument without prior topic knowledge, ACL 2018',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Nothing, but say so beside the figures, and compare only with others that do the same.',
  needs: 'texts',
  check: ({ collection: { queries, ownDocument, exclude } }) =>
    evidence(
      queries.ids.filter((_, row) => ownDocument[row] >= 0),
      (count) =>
        `${counted(count, 'query has its', 'queries have their')} own document in the corpus; it leaves the ranking (exclude: ${exclude}).`,
    ),
}
