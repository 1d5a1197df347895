/**
 * A task card's head, as a module without dependencies for browsers and Node: it takes the unit vector that the encoder makes
 * of a text and gives the unit vector to search with. Written by Hydra Workbench; README.md and certificate.json lie beside.
 */

/** Where it came from: the formula, the card, the encoder and the sha256 of its weights. @public */
export const metadata = __METADATA__

/** By name: W [outputs, d], b [outputs], norm.scale, norm.shift; float32, little-endian, in base64. */
const ARRAYS = __ARRAYS__

const EPSILON = 1e-5
const query = readHead('')
const document = 'documents.W' in ARRAYS ? readHead('documents.') : null

/** A query's vector [d] of unit length to the vector [outputs] to search with, of unit length. @public */
export function adaptQuery(vector) {
  return apply(query, vector)
}

/** A document's vector [d] of unit length to the vector [outputs] to index; unchanged where the head leaves documents alone. @public */
export function adaptDocument(vector) {
  return document ? apply(document, vector) : Float32Array.from(vector)
}

function readHead(prefix) {
  const read = (name) => (prefix + name in ARRAYS ? decode(ARRAYS[prefix + name]) : null)
  return { weight: read('W'), bias: read('b'), scale: read('norm.scale'), shift: read('norm.shift') }
}

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}

function apply({ weight, bias, scale, shift }, x) {
  const outputs = bias.length
  const d = weight.length / outputs
  if (x.length !== d) throw new RangeError(`expected a vector of ${d} numbers, got ${x.length}`)
  const y = new Float64Array(outputs)
  for (let i = 0; i < outputs; i++) {
    let sum = bias[i]
    for (let j = 0; j < d; j++) sum += weight[i * d + j] * x[j]
    y[i] = sum
  }
  if (scale) {
    const mean = y.reduce((sum, value) => sum + value, 0) / outputs
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / outputs
    const deviation = Math.sqrt(variance + EPSILON)
    for (let i = 0; i < outputs; i++) y[i] = ((y[i] - mean) / deviation) * scale[i] + shift[i]
  }
  const length = Math.hypot(...y)
  return Float32Array.from(y, (value) => value / length)
}
