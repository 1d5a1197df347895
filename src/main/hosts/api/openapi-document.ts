import { type ConditionalSchemaConverter, OpenAPIGenerator } from '@orpc/openapi'
import { z } from 'zod'
import { apiContract, jsonResponse, jsonSchemaOf } from '../../../shared/serving/api-contract'
import { openaiErrorSchema } from '../../../shared/serving/openai-schemas'
import { teiErrorSchema } from '../../../shared/serving/tei-schemas'

/** By zod's own: what the routes check is what the document says. */
const zodConverter: ConditionalSchemaConverter = {
  condition: (schema) => schema instanceof z.ZodType,
  convert(schema, { strategy }) {
    const zod = schema as z.ZodType
    return [!zod.safeParse(undefined).success, jsonSchemaOf(zod, strategy) as never]
  },
}

/** OpenAPI 3.1 of every route, errors included. */
export async function openapiDocument(version: string): Promise<Record<string, unknown>> {
  const generator = new OpenAPIGenerator({ schemaConverters: [zodConverter] })
  const document = await generator.generate(apiContract, {
    info: {
      title: 'Hydra Workbench',
      version,
      description:
        'Task cards compiled into heads, texts embedded with them, collections searched with them.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  })
  for (const { '~orpc': procedure } of Object.values(apiContract)) {
    const { path = '', method = 'POST' } = procedure.route
    const operation = document.paths?.[path]?.[method.toLowerCase() as 'get' | 'post']
    if (!operation) throw new RangeError(`no ${method} ${path} in the document`)
    const error = procedure === apiContract.teiEmbed['~orpc'] ? teiErrorSchema : openaiErrorSchema
    const said = jsonResponse('What was expected, what came, what to do', error)
    operation.responses = { ...operation.responses, default: said as never }
    if (procedure === apiContract.health['~orpc']) operation.security = []
  }
  return document as unknown as Record<string, unknown>
}
