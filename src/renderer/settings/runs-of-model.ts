import type { RunSummary } from '../../shared/schemas/runs/run-summary'

/** Runs whose encoder is this model, with whatever weights and options it was named. */
export function runsOfModel(runs: readonly RunSummary[], model: string): RunSummary[] {
  return runs.filter(({ encoder }) => encoder.id.replace(/\?.*$/s, '').replace(/:(int8|fp32)$/, '') === model)
}
