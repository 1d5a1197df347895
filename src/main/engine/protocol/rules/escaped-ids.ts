import { isRunField, runField } from '../../formats/run-field'
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
    const known = new Set([...queries.ids, ...documents.ids])
    const alike = found.filter((id) => known.has(runField(id))).length
    const mistaken = alike > 0 ? ` ${alike} of them then read like another id that is there.` : ''
    return evidence(
      found.map((id) => JSON.stringify(id)),
      (count) =>
        `${count.toLocaleString('en-US')} ${count === 1 ? 'id holds' : 'ids hold'} white space or control characters and ${count === 1 ? 'is' : 'are'} written escaped in run files.${mistaken}`,
      { queries: queries.ids.filter((id) => !isRunField(id)).length, alike },
    )
  },
}
