import { beirCollection } from './beir-collection'

export const beirScifact = beirCollection({
  id: 'scifact',
  title: 'SciFact',
  summary: '300 scientific claims with train queries beside, 5,183 abstracts that support or refute them.',
  citation: 'Wadden et al., Fact or fiction: verifying scientific claims, EMNLP 2020',
  licence: 'CC BY-NC 2.0',
  bytes: 2_816_079,
  md5: '5f7d1de60b170fc8027bb7898e2efca1',
})
