import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cellText, documentTables } from '../../../scripts/document-tables.mjs'
import { buildProgram } from '../../../src/main/hosts/terminal/arguments/build-program'
import { readTrainRequest, type TrainArgs } from '../../../src/main/hosts/terminal/arguments/train-request'
import { root } from '../../../src/main/hosts/terminal/commands/root'
import { requestKey } from '../../../src/main/services/sweeps/plan-sweep'
import { trainRequestSchema } from '../../../src/shared/schemas/run'
import { claimsFileSchema } from '../../../src/shared/schemas/runs/claims'

const ROOT = resolve(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8')
const { claims, others } = claimsFileSchema.parse(JSON.parse(read('resources/claims.json')))
const figures = claims.flatMap((claim) => claim.figures.map((figure) => ({ claim: claim.id, ...figure })))
const DOCUMENTS = ['README.md', 'docs/unseen.md']
const tablesOf = new Map(DOCUMENTS.map((document) => [document, documentTables(read(document))]))

describe('the claims of README and docs', () => {
  it('each have an id of their own', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length)
  })

  it.each(claims.map((claim) => [claim.id, claim] as const))(
    '%s: the command asks for its request',
    async (_, claim) => {
      const { request, seeds, splitSeeds } = claim
      const words = [...claim.command.matchAll(/(?:'[^']*'|\S)+/g)].map(([word]) => word.replaceAll("'", ''))
      let said: TrainArgs & { seed?: string; 'split-seed'?: string } = { tasks: '' } as TrainArgs
      const program = buildProgram(root, {
        ...{ words, version: '0', columns: 80, print: () => undefined, reach: () => undefined },
        variantNames: async () => [],
        act: async (_command, args) => {
          said = args as unknown as typeof said
        },
      })
      await program.parseAsync(words.slice(1), { from: 'user' })
      const seed = Number(said.seed ?? 1)
      const splitSeed = Number(said['split-seed'] ?? seed)
      expect(seeds).toContain(seed)
      expect(splitSeeds.length > 0 ? splitSeeds : seeds).toContain(splitSeed)
      const keyOf = (one: object) => requestKey({ ...trainRequestSchema.parse(one), seed, splitSeed })
      expect(keyOf(await readTrainRequest(said))).toBe(keyOf(request))
    },
  )

  it('stand in the documents that they name (else: node scripts/claims.mjs)', () => {
    const lost = figures.filter(({ document, cell, written }) => {
      if (cell) return cellText(tablesOf.get(document) ?? [], cell) !== written
      return written !== null && !read(document).includes(written)
    })
    expect(lost.map(({ claim, cell, written }) => ({ claim, cell, written }))).toEqual([])
  })

  it('cover every figure in the tables, but for those that no ordinary run gives', () => {
    const open = DOCUMENTS.flatMap((document) =>
      (tablesOf.get(document) ?? []).flatMap(({ after, columns, rows }) => {
        const except = others.filter((one) => one.document === document && after.startsWith(one.after))
        const claimed = new Set(
          figures.flatMap(({ cell, ...figure }) =>
            cell && figure.document === document && after.startsWith(cell.after)
              ? rows
                  .filter(({ named }) => cell.row.every((name) => named.includes(name)))
                  .map((row) => `${rows.indexOf(row)} ${columns.indexOf(cell.column)}`)
              : [],
          ),
        )
        return rows.flatMap(({ cells, named }, at) =>
          cells.flatMap((text, column) => {
            const isFigure = column > 0 && /^[+−-]?\.?\d/.test(text)
            const isOther = except.some(
              (one) => one.rows?.includes(named[0]) || one.columns?.includes(columns[column]),
            )
            return isFigure && !isOther && !claimed.has(`${at} ${column}`)
              ? [`${document}: ${named[0]} / ${columns[column]}: ${text}`]
              : []
          }),
        )
      }),
    )
    expect(open).toEqual([])
    expect(figures.filter(({ cell }) => cell).length).toBeGreaterThan(100)
  })

  it('leave out nothing that is not there', () => {
    for (const { document, after, rows = [], columns = [] } of others) {
      const table = tablesOf.get(document)?.find((one) => one.after.startsWith(after))
      expect(table, after).toBeDefined()
      expect(table?.rows.map(({ named }) => named[0])).toEqual(expect.arrayContaining(rows))
      expect(table?.columns).toEqual(expect.arrayContaining(columns))
    }
  })
})
