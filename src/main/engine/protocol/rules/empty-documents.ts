import { counted, evidence, NO_OPTIONS, type TextRule } from '../rule'

export const emptyDocuments: TextRule = {
  name: 'empty-documents',
  title: 'Empty documents',
  summary: 'Documents with neither title nor text: encoded as nothing, and found by chance only.',
  citation:
    'Cleverdon, The Cranfield tests on index language devices, 1967 (documents 471 and 995 are empty)',
  options: NO_OPTIONS,
  severity: 'warning',
  remedy: 'Add their text, or take them out of the corpus and of the judgments.',
  needs: 'texts',
  check: ({ collection: { documents } }) =>
    evidence(
      documents.ids.filter((_, row) => documents.texts.at(row)!.trim() === ''),
      (count) => `${counted(count, 'document has', 'documents have')} no text.`,
    ),
}
