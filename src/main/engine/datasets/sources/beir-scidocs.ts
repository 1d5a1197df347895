import { beirCollection } from './beir-collection'

export const beirScidocs = beirCollection({
  id: 'scidocs',
  title: 'SCIDOCS',
  summary: '1,000 titles of papers, the papers that each cites among 25,657.',
  citation: 'Cohan et al., SPECTER, ACL 2020',
  licence: 'GPL-3.0',
  md5: '38121350fc3a4d2f48850f6aff52e4a9',
})
