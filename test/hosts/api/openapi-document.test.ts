import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { openapiDocument } from '../../../src/main/hosts/api/openapi-document'
import { apiContract } from '../../../src/shared/serving/api-contract'

interface Content {
  readonly content?: Record<string, { readonly schema: object }>
}
interface Operation {
  readonly security?: readonly object[]
  readonly requestBody?: Content
  readonly responses: Record<string, Content>
}
const paths = async () => (await openapiDocument('1.2.3')).paths as Record<string, Record<string, Operation>>
const jsonOf = (content: Content | undefined) => content?.content?.['application/json']?.schema ?? {}

it('is OpenAPI 3.1 of every route, with its errors and its lock', async () => {
  const document = await openapiDocument('1.2.3')
  expect(document).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' }, security: [{ bearer: [] }] })
  const all = await paths()
  expect(Object.keys(all).sort()).toEqual(
    Object.values(apiContract)
      .map((procedure) => procedure['~orpc'].route.path)
      .sort(),
  )
  for (const [path, operations] of Object.entries(all)) {
    for (const { responses, security } of Object.values(operations)) {
      expect(Object.keys(responses), path).toEqual(['200', 'default'])
      expect(security, path).toEqual(path === '/health' ? [] : undefined)
    }
  }
})

it('has schemas that a validator takes, and that say what the routes check', async () => {
  const all = await paths()
  const ajv = new Ajv2020({ strict: false })
  for (const operations of Object.values(all)) {
    for (const { requestBody, responses } of Object.values(operations)) {
      ajv.compile(jsonOf(requestBody))
      for (const response of Object.values(responses)) if (response.content) ajv.compile(jsonOf(response))
    }
  }
  const embeddings = ajv.compile(jsonOf(all['/v1/embeddings'].post.requestBody))
  expect(embeddings({ model: 'm', input: ['a'], user: 'me' })).toBe(true)
  expect(embeddings({ model: 'm', input: [1, 2] })).toBe(false)
  const compile = ajv.compile(jsonOf(all['/api/compile'].post.requestBody))
  expect(compile({ card: { describe: 'x' } })).toBe(true)
  expect(compile({ card: { describe: 'x', task: 'y' } })).toBe(false)
  const answer = ajv.compile(jsonOf(all['/v1/embeddings'].post.responses[200]))
  const data = [{ object: 'embedding', index: 0, embedding: [0.5] }]
  expect(answer({ object: 'list', data, model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } })).toBe(
    true,
  )
})
