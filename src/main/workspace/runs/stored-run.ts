import { z } from 'zod'
import { runSchema } from '../../../shared/schemas/run'
import { withNormalisation } from './run-before-normalisation'
import { withSplitSeed } from './run-before-split-seed'

/** run.json, that of an earlier version as it would be written today; on disk it stays as it is. */
export const storedRunSchema = z.preprocess((run) => withNormalisation(withSplitSeed(run)), runSchema)
