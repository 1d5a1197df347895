import { beirCollection } from './beir-collection'

export const beirQuora = beirCollection({
  id: 'quora',
  title: 'Quora duplicates',
  summary: '10,000 questions with dev queries beside, their duplicates among 522,931.',
  citation: 'Iyer, Dandekar and Csernai, First Quora dataset release: question pairs, 2017',
  licence: 'not stated by its authors; BEIR’s form CC BY-SA 4.0',
  md5: '18fb154900ba42a600f84b839c173167',
  exclude: 'same-id',
})
