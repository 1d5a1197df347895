/**
 * What must hold on any graphics card, and what was measured on it: from the answers of the processes that did the work to rows
 * of tables. Tolerances are those of test/engine/training/webgpu.system.test.ts.
 */

/** Greatest difference of two lists; not a number where they have not as many. */
function furthest(actual, expected) {
  if (actual.length !== expected.length) return Number.NaN
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)
}

/** @returns whether each holds, with what was to come and what came */
export function trainingChecks({ cpu, wasm, webgpu }, faults) {
  const near = (what, actual, expected, tolerance) => {
    const got = furthest(actual, expected)
    return { what, expected: `< ${tolerance}`, got: got.toExponential(1), ok: got < tolerance }
  }
  const same = (what, expected, got) => ({ what, expected, got: String(got), ok: String(got) === expected })
  return [
    near('losses of 30 steps beside cpu', webgpu.losses.slice(0, 30), cpu, 1e-5),
    near('losses of 100 steps beside wasm', webgpu.losses, wasm.losses, 1e-4),
    near('norms of gradients beside wasm', webgpu.norms, wasm.norms, 1e-3),
    near('compiled W and b beside wasm', webgpu.heads.flat(), wasm.heads.flat(), 1e-3),
    same('tensors left', '0', webgpu.leaked),
    same('a buffer beyond its limit', 'DEVICE_MEMORY', faults.full),
    same('the device after that', 'null', faults.after),
    same('a device that is lost', 'DEVICE_LOST', faults.lost),
    near('what was lost, gone on with on wasm', faults.resumed.heads.flat(), faults.whole.heads.flat(), 1e-3),
  ]
}

/** @param answers by provider: what encode.ts printed */
export function encodingChecks(answers) {
  return Object.entries(answers)
    .filter(([provider]) => provider !== 'cpu')
    .map(([provider, { cosine, refused }]) => {
      const asked = 'a cosine as the check of encoders asks for'
      // int8 is arithmetic of the processor: a card may do it another way, and must then be refused.
      const mayBeRefused =
        answers.cpu.weights === 'int8' && (refused?.startsWith('self-check-failed') ?? false)
      return {
        what: `vectors on ${provider} beside cpu`,
        expected: mayBeRefused ? `${asked}; or, of int8 weights, to be refused` : asked,
        got: refused ?? cosine.toFixed(6),
        ok: refused === undefined || mayBeRefused,
      }
    })
}

/** The whole as Markdown, as docs/performance.md has it. */
export function markdown({ adapter, machine, configuration, checks, backends, encoder, encoding }) {
  return [
    `${adapter}; ${machine}`,
    '',
    ...table(
      ['Check', 'Must be', 'Is', ''],
      checks.map(({ what, expected, got, ok }) => [what, expected, got, ok ? 'holds' : 'FAILS']),
    ),
    '',
    `A step of ${configuration}, one network by itself, all in one run:`,
    '',
    ...table(
      ['Backend', 'ms a step', ''],
      backends.map(({ id, millisecondsPerStep, reason }) => [
        id,
        millisecondsPerStep === null ? '–' : formatMilliseconds(millisecondsPerStep),
        millisecondsPerStep === null ? reason : '',
      ]),
    ),
    '',
    `Texts of the check through ${encoder}:`,
    '',
    ...table(
      ['Provider', 'Weights', 'Texts at once', 'Texts/s', 'Least cosine'],
      Object.entries(encoding).map(([provider, one]) =>
        one.refused
          ? [provider, one.refused, '', '', '']
          : [provider, one.weights, String(one.rows), one.textsPerSecond.toFixed(1), one.cosine.toFixed(6)],
      ),
    ),
    '',
  ].join('\n')
}

function formatMilliseconds(milliseconds) {
  return milliseconds >= 100 ? Math.round(milliseconds).toLocaleString('en-US') : milliseconds.toPrecision(3)
}

function table(columns, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)]
}
