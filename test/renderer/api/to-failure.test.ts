import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { toFailure } from '../../../src/renderer/api/to-failure'

describe('failures', () => {
  it('gives back the coded error of the host', () => {
    const data = { code: 'TASK_UNKNOWN', expected: 'a task', got: 'x', remedy: 'list them', where: 'a:1' }
    const failure = toFailure(new ORPCError('HYDRA', { data }))
    expect(failure.toJSON()).toEqual(data)
  })
  it('calls a request that the contract refuses bad usage, with the field', () => {
    const failure = toFailure(
      new ORPCError('BAD_REQUEST', { data: { issues: [{ path: ['tasks'], message: 'too few' }] } }),
    )
    expect(failure.code).toBe('USAGE')
    expect(failure.detail.got).toBe('tasks: too few')
  })
  it('calls everything else a fault of the workbench', () => {
    expect(toFailure(new ORPCError('INTERNAL_SERVER_ERROR')).code).toBe('INTERNAL')
    expect(toFailure('odd').code).toBe('INTERNAL')
  })
})
