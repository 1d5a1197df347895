#!/usr/bin/env node
// Compiles a task card into a head and sends a query through it, with an exported compiler and nothing of the workbench:
//
//   npm install onnxruntime-node @huggingface/tokenizers
//   node compile-card.mjs RUN-compiler card.json "where do boats lie?" --documents documents.npy
//
// The folder is what `hydra export RUN --format compiler` wrote. documents.npy: float32 [n, d], the unit vectors of your index,
// from the encoder in the folder; `--corpus ID` instead for a corpus that the run was trained on. The answer is one line of
// JSON: `vector` is what to ask the index for, `bm25` the share of BM25 in the ranking, `experts` how much of the head each made.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Tokenizer } from '@huggingface/tokenizers'
import * as ort from 'onnxruntime-node'

const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'))
/** A copy, since values in a file need not lie at a multiple of 4 bytes. */
const float32s = (bytes) => new Float32Array(Uint8Array.from(bytes).buffer)
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0)
const meanOf = (vectors) =>
  vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0) / vectors.length)

/** Text to unit vector, one text at a time: a batch's scale of dynamic int8 weights is that of all its texts. */
async function openEncoder(folder, { graph, maxTokens, lowerCase, prefixes }) {
  if (!graph)
    throw new Error('expected a compiler with its encoder, got one that was exported with encoder=named')
  const session = await ort.InferenceSession.create(join(folder, graph))
  const tokenizer = new Tokenizer(
    await readJson(join(folder, 'tokenizer.json')),
    await readJson(join(folder, 'tokenizer_config.json')),
  )
  return async (text, role) => {
    const whole = prefixes[role] + text.trim()
    const { ids: all } = tokenizer.encode(lowerCase ? whole.toLowerCase() : whole)
    // Too long a text keeps its first tokens and its closing one.
    const ids = all.length > maxTokens ? [...all.slice(0, maxTokens - 1), all.at(-1)] : all
    const values = {
      input_ids: ids,
      attention_mask: ids.map(() => 1),
      token_type_ids: ids.map(() => 0),
      position_ids: ids.map((_, i) => i),
    }
    const feeds = session.inputNames.map((name) => [
      name,
      new ort.Tensor('int64', BigInt64Array.from(values[name], BigInt), [1, ids.length]),
    ])
    return (await session.run(Object.fromEntries(feeds))).sentence_embedding.data
  }
}

/** Rows of a .npy file of little-endian float32 in C order. */
async function readVectors(path, d) {
  const file = await readFile(path)
  const start = file[6] === 1 ? 10 + file.readUInt16LE(8) : 12 + file.readUInt32LE(8)
  const header = file.toString('latin1', 10, start)
  if (!header.includes("'descr': '<f4', 'fortran_order': False") || !header.includes(`, ${d})`))
    throw new Error(`${path}: expected little-endian float32 [n, ${d}] in C order, got another file`)
  const values = float32s(file.subarray(start))
  return Array.from({ length: values.length / d }, (_, n) => values.subarray(n * d, (n + 1) * d))
}

/** Mean document, mean query and, of documents at hand, the mean of those that are nearest to a card. */
async function openCorpus({ corpora, otherCorpora, nearestDocuments, encoder }, { corpus: id, documents }) {
  const ids = Object.keys(corpora)
  const named = id ?? (documents || ids.length > 1 ? undefined : ids[0])
  const known = corpora[named]
  const own = documents ? await readVectors(documents, encoder.dimensions) : null
  const trained = `--corpus as one of ${ids.slice(0, 3)}${ids.length > 3 ? ' …' : ''}`
  if (!known && (named || !own))
    throw new Error(`expected --documents, or ${trained}, got ${named ?? 'neither'}`)
  if (!known && !otherCorpora)
    throw new Error(`expected ${trained}: the network knows no other, got documents of another`)
  const decode = (text) => float32s(Buffer.from(text, 'base64'))
  return {
    corpus: known ? decode(known.documents) : meanOf(own),
    query_mean: decode((known ?? otherCorpora).queries),
    nearestTo(vector) {
      const scored = own?.map((row) => [dot(row, vector), row]).sort(([a], [b]) => b - a)
      return scored && meanOf(scored.slice(0, nearestDocuments).map(([, row]) => row))
    },
  }
}

try {
  const options = { corpus: { type: 'string' }, documents: { type: 'string' } }
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  if (positionals.length !== 3)
    throw new Error(
      'usage: node compile-card.mjs FOLDER CARD.json QUERY (--documents FILE.npy | --corpus ID)',
    )
  const [folder, cardFile, query] = positionals
  const about = await readJson(join(folder, 'compiler.json'))
  const card = await readJson(cardFile)
  const embed = await openEncoder(folder, about.encoder)
  const { nearestTo, ...means } = await openCorpus(about, values)

  // Parts of the text whose field the card has.
  const filled = about.card.text.map((part) =>
    part.replace(/\{(\w+)\}/g, (_, field) => card[field]?.trim() || '\0'),
  )
  const description = await embed(filled.filter((part) => !part.includes('\0')).join(' '), 'query')
  const examples = card.examples ?? []
  const shown = async (field) => {
    const vectors = []
    for (const example of examples) vectors.push(await embed(example[field], field))
    return vectors.length > 0 ? meanOf(vectors) : new Float32Array(description.length)
  }
  const given = {
    ...means,
    description,
    queries: await shown('query'),
    documents: await shown('document'),
    nearest: nearestTo(description),
    examples: [examples.length],
  }

  const compiler = await ort.InferenceSession.create(join(folder, about.graph))
  const feeds = about.inputs.map(({ name, shape, cards }) => {
    const needed = cards === 'all' || (cards === 'with examples') === examples.length > 0
    const data = given[name] ?? (needed ? null : new Float32Array(shape[1]))
    if (!data)
      throw new Error(
        'expected --documents: a card like this is compiled with what of the corpus is nearest to it, got none',
      )
    return [name, new ort.Tensor('float32', Float32Array.from(data), shape)]
  })
  const { W, b, norm_scale, norm_shift, shares, bm25_share } = await compiler.run(Object.fromEntries(feeds))

  const x = await embed(query, 'query')
  let y = Array.from(b.data, (value, i) => value + dot(W.data.subarray(i * x.length, (i + 1) * x.length), x))
  if (norm_scale) {
    const mean = y.reduce((sum, value) => sum + value, 0) / y.length
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length
    y = y.map(
      (value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * norm_scale.data[i] + norm_shift.data[i],
    )
  }
  const length = Math.hypot(...y)
  const experts = shares && Object.fromEntries(about.experts.map((name, e) => [name, shares.data[e]]))
  console.log(
    JSON.stringify({
      experts: experts ?? null,
      bm25: bm25_share?.data[0] ?? 0,
      vector: y.map((value) => value / length),
    }),
  )
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
