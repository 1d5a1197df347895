import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { createMatrix, type Matrix } from '../../numeric/matrix'

/** A thread of its own: the module meets nothing of the engine, and nothing of it stays loaded. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads')
import(workerData.module).then((module) => {
  const { rows, columns, data } = workerData.vectors
  const answers = Array.from({ length: rows }, (_, n) => module[workerData.name](data.subarray(n * columns, (n + 1) * columns)))
  parentPort.postMessage(answers)
})`

/** Some dozens of vectors take milliseconds. */
const BOUND_MS = 2 * 60_000

/** Vectors [n, d] through a function that an exported ES module has: [n, outputs]. @param boundMs it may take so long */
export async function runModule(
  file: string,
  name: string,
  vectors: Matrix,
  boundMs = BOUND_MS,
): Promise<Matrix> {
  const worker = new Worker(THREAD, {
    eval: true,
    workerData: { module: pathToFileURL(file).href, name, vectors },
  })
  let timer: NodeJS.Timeout | undefined
  const answered = new Promise<Matrix>((done, failed) => {
    timer = setTimeout(() => failed(new Error(`no answer of the thread for ${boundMs / 1000} s`)), boundMs)
    worker.once('error', failed)
    worker.once('exit', (code) => failed(new Error(`the thread ended with ${code} and no answer`)))
    worker.once('message', (answers: readonly Float32Array[]) => {
      const out = createMatrix(answers.length, answers[0].length)
      answers.forEach((answer, n) => {
        out.data.set(answer, n * out.columns)
      })
      done(out)
    })
  })
  try {
    return await answered
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
