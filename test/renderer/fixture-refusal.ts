import type { ErrorCode, ErrorDetail } from '../../src/shared/errors'

/** A failure as the contract carries it. */
export function refused(
  errors: { HYDRA: (options: { message?: string; data: ErrorDetail & { code: ErrorCode } }) => Error },
  code: ErrorCode,
  detail: ErrorDetail,
): Error {
  return errors.HYDRA({ data: { code, ...detail } })
}
