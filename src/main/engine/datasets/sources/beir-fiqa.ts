import { beirCollection } from './beir-collection'

export const beirFiqa = beirCollection({
  id: 'fiqa',
  title: 'FiQA-2018',
  summary: '648 questions on finance with train and dev queries beside, 57,638 answers of a forum.',
  citation: 'Maia et al., WWW’18 open challenge: financial opinion mining and question answering, 2018',
  licence: 'non-commercial use, by its authors’ page; BEIR’s form CC BY-SA 4.0',
  bytes: 17_948_027,
  md5: '17918ed23cd04fb15047f73e6c3bd9d9',
})
