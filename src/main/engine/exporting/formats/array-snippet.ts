import type { AffineHead } from '../../hypernet/head'
import type { ExportMaterial } from '../export-material'

/** NumPy from `queries.npy` to `y`, with the arrays of a file. @param load an expression: arrays by name */
export function arraySnippet(
  { heads, origin }: ExportMaterial,
  imports: readonly string[],
  load: string,
): string {
  return [
    'import numpy as np',
    ...imports,
    '',
    `head = ${load}`,
    `x = np.load("queries.npy")  # float32 [n, ${heads.head.weight.columns}]: unit vectors of ${origin.encoder}`,
    ...formula(heads.head, '', 'x', 'y'),
    '# Ask your index for y.',
    ...(heads.documents
      ? [
          '',
          'd = np.load("documents.npy")  # likewise: of documents, which this head changes too',
          ...formula(heads.documents, 'documents.', 'd', 'z'),
          '# Index z.',
        ]
      : []),
  ].join('\n')
}

function formula({ norm }: AffineHead, prefix: string, x: string, y: string): string[] {
  return [
    `${y} = ${x} @ head["${prefix}W"].T + head["${prefix}b"]`,
    ...(norm
      ? [
          `${y} = (${y} - ${y}.mean(axis=1, keepdims=True)) / np.sqrt(${y}.var(axis=1, keepdims=True) + 1e-5)`,
          `${y} = ${y} * head["${prefix}norm.scale"] + head["${prefix}norm.shift"]`,
        ]
      : []),
    `${y} /= np.linalg.norm(${y}, axis=1, keepdims=True)`,
  ]
}
