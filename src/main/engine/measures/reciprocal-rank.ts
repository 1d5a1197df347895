import type { MeasureFamily } from './measure'

export const reciprocalRank: MeasureFamily = {
  name: 'MRR',
  aliases: ['RR'],
  title: 'Reciprocal rank',
  citation: 'Voorhees, The TREC-8 question answering track report, TREC 1999',
  customaryCutoff: 10,
  summary: (cutoff) =>
    `One over the rank of the first relevant document, 0 where none stands in the first ${cutoff}; its mean over queries is MRR.`,
  score({ grades }, cutoff) {
    const depth = Math.min(cutoff, grades.length)
    for (let i = 0; i < depth; i++) if (grades[i] > 0) return 1 / (i + 1)
    return 0
  },
}
