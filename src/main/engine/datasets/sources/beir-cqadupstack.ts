import { beirCollection } from './beir-collection'

export const beirCqadupstack = beirCollection({
  id: 'cqadupstack',
  title: 'CQADupStack',
  summary: 'A family of 12 forums of StackExchange: 13,145 questions, their duplicates among 457,199.',
  citation: 'Hoogeveen, Verspoor and Baldwin, CQADupStack, ADCS 2015',
  licence: 'Apache-2.0',
  md5: '4e41456d7df8ee7760a7f866133bda78',
})
