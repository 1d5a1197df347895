import { describe, expect, it } from 'vitest'
import { lanceError } from '../../../../src/main/engine/indexes/lance/lance-error'

describe('an error of LanceDB', () => {
  it.each([
    ['LanceError(IO): Generic LocalFileSystem error: No space left on device (os error 28)', 'DISK_FULL'],
    ["Table 'hydra_docs' was not found", 'INDEX_UNKNOWN'],
    ['LanceError(IO): Object at location docs.lance not found', 'INDEX_UNKNOWN'],
    ['Generic S3 error: error sending request for url (https://bucket)', 'INDEX_UNREACHABLE'],
    ['Generic S3 error: Client error with status 403 Forbidden', 'INDEX_REFUSED'],
    ['something of our own', 'INTERNAL'],
  ])('that says %s is told as %s', (message, expected) => {
    expect(lanceError(new Error(message), 's3://bucket').code).toBe(expected)
  })
})
