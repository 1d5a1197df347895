import { defineCommand } from 'citty'
import { apply } from './apply'
import { audit } from './audit'
import { cards } from './cards'
import { compare } from './compare'
import { datasets } from './datasets'
import { demo } from './demo'
import { doctor } from './doctor'
import { evaluate } from './evaluate'
import { exportVerb } from './export'
import { importRun } from './import-run'
import { list } from './list'
import { models } from './models'
import { report } from './report'
import { runs } from './runs'
import { search } from './search'
import { serve } from './serve'
import { train } from './train'

export const root = defineCommand({
  meta: {
    name: 'hydra',
    description:
      'from a task card to an honest verdict to a deployable head; every command takes --workspace DIR, --json and --seed N',
  },
  subCommands: {
    demo,
    datasets,
    cards,
    list,
    models,
    audit,
    train,
    evaluate,
    compare,
    'import-run': importRun,
    report,
    search,
    export: exportVerb,
    apply,
    runs,
    doctor,
    serve,
  },
})
