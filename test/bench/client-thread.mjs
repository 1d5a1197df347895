/**
 * Clients of the bench of serving, in a thread of their own: so many at once, each with its next text as soon as it has its
 * answer. Answers how long each took, milliseconds.
 */
import { Agent, request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

const { url, token, clients, inputs, format } = workerData
const agent = new Agent({ keepAlive: true, maxSockets: clients })
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }

const ask = (input) =>
  new Promise((done, failed) => {
    const body = JSON.stringify({ model: 'all-MiniLM-L6-v2', input, encoding_format: format })
    request(`${url}/v1/embeddings`, { agent, method: 'POST', headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) done()
        else failed(new Error(`status ${response.statusCode}`))
      })
    })
      .on('error', failed)
      .end(body)
  })

const took = []
let next = 0
async function client() {
  while (next < inputs.length) {
    const begun = performance.now()
    await ask(inputs[next++])
    took.push(performance.now() - begun)
  }
}
await Promise.all(Array.from({ length: clients }, client))
agent.destroy()
parentPort.postMessage(took)
