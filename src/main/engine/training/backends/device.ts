import { HydraError } from '../../../../shared/errors'

/** The memory and the processors of a backend that does not compute in this process. */
export interface Device {
  /** Card and driver, as they call themselves. */
  readonly description: string
  /** Bytes of one tensor at most. */
  readonly mostBytes: number
  /** Does the work and waits until the device has done its part. Throws DEVICE_LOST, or DEVICE_MEMORY where it did not fit. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function deviceLost(device: string, why: string): HydraError {
  return new HydraError('DEVICE_LOST', {
    expected: `${device} to answer`,
    got: why,
    remedy: 'Go on from the last saved step, on the same backend or on another one.',
    command: 'hydra runs resume RUN',
  })
}

export function deviceFull(device: string, why: string): HydraError {
  return new HydraError('DEVICE_MEMORY', {
    expected: `room on ${device}`,
    got: why,
    remedy:
      'Lower the candidates or the queries of a step, close what else uses the device, or choose another backend.',
    command: 'hydra runs resume RUN',
  })
}
