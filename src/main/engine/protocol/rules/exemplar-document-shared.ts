import { NO_OPTIONS, type TextRule } from '../rule'
import { shownAndTested } from '../shown-and-tested'

export const exemplarDocumentShared: TextRule = {
  name: 'exemplar-document-shared',
  title: 'Exemplars that test queries share',
  summary:
    'A card shows a document of train that is relevant to test queries too. Ordinary collections hide nothing, so a part of the gain on these queries may be the shown answer.',
  citation: 'Lewis, Stenetorp and Riedel, Question and answer test-train overlap, EACL 2021',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Nothing, but look at the gain over these test queries and over the others apart.',
  needs: 'texts',
  check: (subject) => shownAndTested(subject, 'shared'),
}
