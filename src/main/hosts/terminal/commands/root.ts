import type { CommandGroup } from '../arguments/command'
import { apply } from './apply'
import { audit } from './audit'
import { cards } from './cards'
import { compare } from './compare'
import { datasets } from './datasets'
import { demo } from './demo'
import { doctor } from './doctor'
import { evaluate } from './evaluate'
import { exportHead } from './export'
import { importRun } from './import-run'
import { indexes } from './indexes'
import { keys } from './keys'
import { list } from './list'
import { models } from './models'
import { report } from './report'
import { reproduce } from './reproduce/reproduce'
import { runs } from './runs/runs'
import { search } from './search'
import { serve } from './serve'
import { sweep } from './sweep/sweep'
import { train } from './train'

export const root: CommandGroup = {
  description: 'from a task card to an honest verdict to a deployable head',
  commands: {
    demo,
    datasets,
    cards,
    list,
    models,
    keys,
    audit,
    train,
    sweep,
    evaluate,
    reproduce,
    compare,
    'import-run': importRun,
    report,
    search,
    export: exportHead,
    apply,
    index: indexes,
    runs,
    doctor,
    serve,
  },
}
