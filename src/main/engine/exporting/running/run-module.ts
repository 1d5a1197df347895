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

/** Vectors [n, d] through a function that an exported ES module has: [n, outputs]. */
export function runModule(file: string, name: string, vectors: Matrix): Promise<Matrix> {
  return new Promise((done, failed) => {
    const worker = new Worker(THREAD, {
      eval: true,
      workerData: { module: pathToFileURL(file).href, name, vectors },
    })
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
}
