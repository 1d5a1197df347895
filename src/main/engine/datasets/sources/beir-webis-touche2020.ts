import { beirCollection } from './beir-collection'

export const beirWebisTouche2020 = beirCollection({
  id: 'webis-touche2020',
  title: 'Touché 2020',
  summary: '49 questions of controversy, 382,545 arguments.',
  citation: 'Bondarenko et al., Overview of Touché 2020, CLEF 2020',
  licence: 'CC BY 4.0',
  md5: '6e29ac6c57e2d227fb57501872cac45f',
})
