import { z } from 'zod'
import type { LossSpec } from './loss'
import { createSoftmaxLoss } from './softmax/softmax-loss'

const options = z.strictObject({})

/** −Σ_r w_r·log softmax(q·C / τ)_r over the step's candidates, w_r = 1 / |relevant| or the teacher's share. */
export const listwise: LossSpec<typeof options> = {
  name: 'listwise',
  title: 'Listwise softmax',
  summary:
    'Cross-entropy over the whole corpus while it fits among the candidates, over a sample above. The strongest wherever it is affordable.',
  citation: 'Cao, Qin, Liu, Tsai and Li, Learning to rank: from pairwise approach to listwise approach, 2007',
  options,
  needs: 'candidates',
  scored: false,
  create: (material) => createSoftmaxLoss(material, (preferences) => preferences),
}
