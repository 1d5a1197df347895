import { beirCollection } from './beir-collection'

export const beirTrecCovid = beirCollection({
  id: 'trec-covid',
  title: 'TREC-COVID',
  summary: '50 questions on COVID-19, 171,332 papers, about 500 judgments a question.',
  citation: 'Voorhees et al., TREC-COVID, SIGIR Forum 2020',
  licence: 'CORD-19’s own licence agreement',
  md5: 'ce62140cb23feb9becf6270d0d1fe6d1',
})
