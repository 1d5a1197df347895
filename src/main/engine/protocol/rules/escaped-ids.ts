import { isRunField, mistakableIds } from '../../formats/run-field'
import { evidence, NO_OPTIONS, type TextRule } from '../rule'

export const escapedIds: TextRule = {
  name: 'escaped-ids',
  title: 'Ids that a run file cannot hold',
  summary:
    'Ids of documents or queries hold white space or control characters. The fields of a TREC run file are parted by white space, so such ids are written percent-encoded there (`two words` is `two%20words`), and other programs meet them only so.',
  citation: 'NIST, trec_eval 9.0.8, format of run files, 2020',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Rename these ids, or percent-encode the ids of the qrels alike before run files are given to other programs.',
  needs: 'texts',
  check({ collection: { documents, queries } }) {
    const found = [...queries.ids, ...documents.ids].filter((id) => !isRunField(id))
    const alike = [queries, documents].reduce((sum, { ids }) => sum + mistakableIds(ids).length, 0)
    const mistaken =
      alike > 0
        ? ` ${alike} of them would then read like another id that is there, so no run file is written.`
        : ''
    return evidence(
      found.map((id) => JSON.stringify(id)),
      (count) =>
        `${count.toLocaleString('en-US')} ${count === 1 ? 'id holds' : 'ids hold'} white space or control characters and ${count === 1 ? 'is' : 'are'} written escaped in run files.${mistaken}`,
      { queries: queries.ids.filter((id) => !isRunField(id)).length, alike },
    )
  },
}
