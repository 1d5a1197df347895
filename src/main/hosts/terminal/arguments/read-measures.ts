import { parseMeasures } from '../../../engine/measures'

/** `a,b` as a command line has it, as names of measures in their printed form; the first that is none is the error. */
export function readMeasures(text: string | undefined): string[] {
  return parseMeasures(text ?? '').map(({ name }) => name)
}
