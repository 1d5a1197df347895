import { beirCollection } from './beir-collection'

export const beirArguana = beirCollection({
  id: 'arguana',
  title: 'ArguAna',
  summary:
    '1,406 arguments, each with its best counter-argument among 8,674; the query’s own document leaves the ranking.',
  citation:
    'Wachsmuth, Syed and Stein, Retrieval of the best counterargument without prior topic knowledge, ACL 2018',
  licence: 'CC BY 4.0',
  md5: '8ad3e3c2a5867cdced806d6503f29b99',
  exclude: 'same-id',
})
