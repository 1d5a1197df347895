import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'
import { twinsOf } from '../twins'

export const duplicateDocuments: TextRule = {
  name: 'duplicate-documents',
  title: 'Duplicate documents',
  summary:
    'Documents with the text of an earlier one, spacing aside. They share a vector, so their order is that of their ids.',
  citation: 'Fröbe et al., Sampling bias due to near-duplicates in learning to rank, SIGIR 2020',
  options: NO_OPTIONS,
  severity: 'note',
  remedy: 'Nothing need be done where judgments treat them alike; `unjudged-twins` tells where they do not.',
  needs: 'texts',
  check: ({ collection: { documents } }) =>
    evidence(
      [...new Set(twinsOf(documents.texts).values())].flatMap(([first, ...more]) =>
        more.map((row) => `${documents.ids[row]} = ${documents.ids[first]}`),
      ),
      (count) => `${counted(count, 'document repeats', 'documents repeat')} the text of another.`,
    ),
}
