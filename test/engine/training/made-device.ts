import type { Device } from '../../../src/main/engine/training/backends/device'

/** This process as a device: what is done there is done here. @param after each piece of work: what it says of it may be an error */
export function madeDevice(after: () => void = () => undefined): Device {
  return {
    description: 'a made device',
    // A corpus of a test, and few of its candidates at once.
    mostBytes: 2 ** 12,
    async run(work) {
      const outcome = await work()
      after()
      return outcome
    },
  }
}
