/**
 * The yardstick of encode.ts: a process that does nothing but ONNX Runtime on token ids given to it, one text a run on one
 * thread, without tokenising, pooling or sending vectors back.
 */
import * as ort from 'onnxruntime-node'

const session = await ort.InferenceSession.create(process.argv[2], {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
})

async function run(ids) {
  const shape = [1, ids.length]
  await session.run({
    input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
    attention_mask: new ort.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
    token_type_ids: new ort.Tensor('int64', new BigInt64Array(ids.length), shape),
  })
}

process.on('message', async (texts) => {
  for (const ids of texts) await run(ids)
  process.send('done')
})
process.on('disconnect', () => process.exit(0))
process.send('ready')
