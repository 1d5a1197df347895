import { NO_OPTIONS, type TextRule } from '../rule'
import { shownAndTested } from '../shown-and-tested'

export const exemplarDocumentFromTest: TextRule = {
  name: 'exemplar-document-from-test',
  title: 'Test documents as exemplars',
  summary:
    'A card shows a document that is relevant to test queries and to no query of train or dev, and the protocol does not hide it: a head can gain by returning what it was shown.',
  citation: 'Lewis, Stenetorp and Riedel, Question and answer test-train overlap, EACL 2021',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy:
    'Take examples from train only, or set hideShown in the dataset’s protocol (SOURCE.json) and import again.',
  needs: 'texts',
  check: (subject) => shownAndTested(subject, 'test'),
}
