import { createHash } from 'node:crypto'

/**
 * The name of an index in an engine whose names are letters, digits and underscores, at most 60 of them, and where others
 * have names, too: `docs` is `hydra_docs`; two indexes never share one.
 */
export function remoteName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9_]/g, '_')
  if (plain === name && name.length <= 40) return `hydra_${name}`
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 10)
  return `hydra_${plain.slice(0, 40)}_${hash}`
}
