import { beirCollection } from './beir-collection'

export const beirNfcorpus = beirCollection({
  id: 'nfcorpus',
  title: 'NFCorpus',
  summary:
    '323 questions of laypeople on nutrition with train queries beside, 3,633 medical abstracts, graded.',
  citation:
    'Boteva et al., A full-text learning to rank dataset for medical information retrieval, ECIR 2016',
  licence: 'not stated by its authors, free for academic use; BEIR’s form CC BY-SA 4.0',
  bytes: 2_448_432,
  md5: 'a89dba18a62ef92f7d323ec890a0d38d',
})
