import { resolveModel } from '../../src/main/engine/encoders/model-folder'
import { openOnProvider } from '../../src/main/engine/encoders/provided/open-on-provider'
import { providerRefusal } from '../../src/main/engine/encoders/provided/provider-refusal'

/** An encoder on the provider that its name says, checked and measured, in a process of its own: `node encode.mjs NAME`. Prints JSON. */
const [name] = process.argv.slice(2)
try {
  const model = await resolveModel(name, ['resources/models'])
  const { encoder, ...speed } = await openOnProvider(model)
  await encoder.dispose()
  process.stdout.write(JSON.stringify({ weights: model.dtype, ...speed }))
} catch (thrown) {
  const { code, message } = providerRefusal(thrown)
  process.stdout.write(JSON.stringify({ refused: `${code}: ${message}` }))
}
