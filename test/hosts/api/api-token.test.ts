import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readApiToken } from '../../../src/main/hosts/api/api-token'
import { temporaryFolder } from '../../temporary-folder'

it('takes the token from a file before the environment, and draws one where neither has it', async () => {
  const file = join(await temporaryFolder(), 'token')
  await writeFile(file, 'out-of-the-file-1\n')
  const environment = { HYDRA_API_TOKEN: 'out-of-the-environment' }
  expect(await readApiToken({ file, environment })).toEqual({ token: 'out-of-the-file-1', drawn: false })
  expect((await readApiToken({ file: undefined, environment })).token).toBe('out-of-the-environment')
  const drawn = await readApiToken({ file: undefined, environment: {} })
  expect(drawn).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/), drawn: true })
  expect((await readApiToken({ file: undefined, environment: {} })).token).not.toBe(drawn.token)
})

it.each(['short', 'two words in one token', ''])('refuses %j without repeating it', async (token) => {
  const asked = readApiToken({ file: undefined, environment: { HYDRA_API_TOKEN: token } })
  await expect(asked).rejects.toMatchObject({ code: 'USAGE' })
  if (token) await expect(asked).rejects.not.toThrow(token)
})

it('says where a file is missing', async () => {
  const asked = readApiToken({ file: '/nowhere/token', environment: {} })
  await expect(asked).rejects.toMatchObject({ code: 'FILE_MISSING', detail: { where: '/nowhere/token' } })
})
