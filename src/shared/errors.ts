/**
 * The error catalogue. Every failure that a person can cause or meet has a code here; the text always says what was
 * expected, what came, and what to do. Tests assert the code, never the prose.
 */
export const ERROR_CODES = {
  USAGE: 'the command or request is not understood',
  CANCELLED: 'the work was cancelled',
  PAUSED: 'the work was paused',
  INTERNAL: 'a fault of the workbench itself',
  WORKSPACE_LOCKED: 'another process writes to this workspace',
  WORKSPACE_INVALID: 'the folder is not a usable workspace',
  DISK_FULL: 'the disk has no room left',
  FILE_MISSING: 'a file is not there',
  FILE_INVALID: 'a file cannot be read as what it should be',
  ZIP_INVALID: 'the file is not a readable zip',
  ZIP_UNSAFE: 'the zip would write outside its folder or is too large',
  DATASET_LAYOUT: 'the folder is not in BEIR layout',
  DATASET_LINE: 'a line of the dataset is malformed',
  DATASET_DUPLICATE_ID: 'two records share an id',
  DATASET_EMPTY: 'the dataset has nothing to search or nothing to ask',
  DATASET_EXISTS: 'a dataset of that id is there already',
  DATASET_UNKNOWN: 'no dataset of that id',
  DATASET_IN_USE: 'work that runs reads the dataset',
  TEXT_UNKNOWN: 'no text of that id in the dataset',
  SOURCE_CORRUPT: 'a file of a source is not the one that was published',
  UPLOAD_REFUSED: 'the file was not taken',
  QRELS_UNKNOWN_QUERY: 'a judgment names a query that does not exist',
  QRELS_DUPLICATE: 'a query and document are judged twice',
  TASK_UNKNOWN: 'no task of that id',
  TASK_UNUSABLE: 'the task lacks the judgments that this needs',
  CARD_INVALID: 'the task card is not valid',
  CARD_UNKNOWN: 'no card of that id',
  CARD_EXISTS: 'a card of that id is there already',
  MODEL_MISSING: 'the model is not there',
  MODEL_CORRUPT: 'a file of the model is damaged or does not belong to the others',
  MODEL_UNSUPPORTED: 'the model is of a kind that is not supported',
  MODEL_EXISTS: 'a model of that name is there already',
  KEYCHAIN_UNAVAILABLE: 'the keychain of this system cannot be used',
  REMOTE_UNAVAILABLE: 'the service that encodes gave no answer that could be used',
  REMOTE_REFUSED: 'the service that encodes refuses the request',
  REMOTE_ANSWER_INVALID: 'the service that encodes answered with something that is no vectors of these texts',
  REMOTE_UNAGREED: 'nobody agreed that the service that encodes is sent so many texts',
  ENCODER_CHANGED: 'the service that encodes gives other vectors than it did',
  DOWNLOAD_FAILED: 'a file could not be downloaded',
  BACKEND_UNAVAILABLE: 'the training backend cannot be used here',
  DEVICE_LOST: 'the device that trains no longer answers',
  DEVICE_MEMORY: 'the device that trains has no room for a step',
  TEACHER_GATED: 'the teacher ranks worse than the encoder that it is to teach',
  TRAINING_DIVERGED: 'training no longer learns',
  TRAINING_STALLED: 'training has stopped without a word',
  RUN_UNKNOWN: 'no run of that id',
  RUN_STATE: 'the run is not in a state for this',
  RUNS_INCOMPARABLE: 'the runs were not scored on the same queries',
  AUDIT_UNKNOWN: 'no audit of that id',
  RUN_INCOMPLETE: 'the run has no trained network',
  HEAD_INVALID: 'the head is not one that can be used',
  EXPORT_DIFFERS: 'an export does not give the engine’s vectors',
  EXPORT_UNSUPPORTED: 'what was asked for cannot leave in this format',
  INDEX_UNKNOWN: 'no index of that name',
  INDEX_MISMATCH: 'the vectors do not belong to the index',
  INDEX_CHANGED: 'the index was changed meanwhile',
  INDEX_CLIENT_MISSING: 'the package that reaches the index engine is not installed',
  INDEX_UNREACHABLE: 'the index engine does not answer',
  INDEX_UNSUITABLE: 'the index engine is of a version or kind that cannot be used',
  INDEX_REFUSED: 'the index engine refuses what it was asked',
  JOB_UNKNOWN: 'no job of that id',
  CACHE_UNKNOWN: 'no cache of that name',
  CACHE_IN_USE: 'a job is at work that uses the cache',
  OPTION_UNKNOWN: 'no entry of that name in the registry',
  TOKEN_WRONG: 'the bearer token is missing or not the right one',
  ROUTE_UNKNOWN: 'the service has no such route',
  REQUEST_TOO_LARGE: 'the request holds more than the service takes',
  OVERLOADED: 'more requests wait than the service takes',
  TIMED_OUT: 'the answer takes longer than the service waits',
  WORKER_CRASHED: 'a worker process ended without an answer',
  CONNECTION_LOST: 'the window lost its host',
} as const

export type ErrorCode = keyof typeof ERROR_CODES

/** What a person needs to act: expected / got / what to do, and where in their data. */
export interface ErrorDetail {
  readonly expected: string
  readonly got: string
  /** In words that fit every host: no command, no option of the command line. */
  readonly remedy: string
  /** What one types for it in a terminal; the window has a button, or shows where. */
  readonly command?: string
  /** `file:line` of the user's data, where there is one. */
  readonly where?: string
}

export interface SerializedError extends ErrorDetail {
  readonly code: ErrorCode
}

export class HydraError extends Error {
  override readonly name = 'HydraError'
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, detail: ErrorDetail, options?: { cause?: unknown }) {
    super(describe(code, detail), options)
    this.code = code
    this.detail = detail
  }

  toJSON(): SerializedError {
    return { code: this.code, ...this.detail }
  }

  static fromJSON(value: SerializedError): HydraError {
    const { code, ...detail } = value
    return new HydraError(code, detail)
  }
}

function describe(code: ErrorCode, detail: ErrorDetail): string {
  const where = detail.where ? ` at ${detail.where}` : ''
  return `${code}${where}: ${ERROR_CODES[code]}. Expected ${detail.expected}; got ${detail.got}. ${detail.remedy}`
}

/** Any thrown value as a HydraError; what is not ours becomes INTERNAL and keeps its cause. */
export function toHydraError(thrown: unknown): HydraError {
  if (thrown instanceof HydraError) return thrown
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled()
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (isDiskFull(thrown)) {
    return new HydraError(
      'DISK_FULL',
      {
        expected: 'room to write',
        got: message,
        remedy:
          'Free some space (`cache/` of the workspace may be deleted), then go on; a training can be resumed.',
        command: 'hydra runs resume RUN',
      },
      { cause: thrown },
    )
  }
  return new HydraError(
    'INTERNAL',
    {
      expected: 'the operation to finish',
      got: message,
      remedy: 'Please report it with the log of this run.',
    },
    { cause: thrown },
  )
}

/** No space left, or the person's share of it used up: what Node calls them, whichever call met it. */
function isDiskFull(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null
  return code === 'ENOSPC' || code === 'EDQUOT'
}

export function cancelled(): HydraError {
  return new HydraError('CANCELLED', {
    expected: 'the operation to finish',
    got: 'a request to stop',
    remedy: 'Start it again when you want it; what was finished is kept.',
  })
}

export function paused(): HydraError {
  return new HydraError('PAUSED', {
    expected: 'the operation to finish',
    got: 'a request to pause',
    remedy: 'Go on with it when you want.',
    command: 'hydra runs resume RUN',
  })
}

/** The end of a training whose process no longer answers: what was saved of it goes on. */
export function stalled(expected: string, got: string): HydraError {
  return new HydraError('TRAINING_STALLED', {
    expected,
    got,
    remedy: 'Go on from the last saved step. If it stops again, please report it.',
    command: 'hydra runs resume RUN',
  })
}

/** Throws CANCELLED once the signal has fired: called at every point where a long operation may stop. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled()
}
