import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/shared/errors'

const ROOT = resolve(import.meta.dirname, '..', '..')
const CODES = Object.keys(ERROR_CODES)

function parse(folder: string, ending: string): ts.SourceFile[] {
  return (
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(ending) && !file.startsWith('output'))
      .map((file) => ({ file, text: readFileSync(join(ROOT, folder, file), 'utf8') }))
      // Most files name no code, and need no syntax tree for it.
      .filter(({ text }) => CODES.some((code) => text.includes(code)))
      .map(({ file, text }) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest))
  )
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

/** Words of capitals in the strings and patterns below a node. */
function codesBelow(node: ts.Node): string[] {
  const found: string[] = []
  visit(node, (one) => {
    if (ts.isStringLiteralLike(one) || ts.isRegularExpressionLiteral(one))
      found.push(...(one.text.match(/\b[A-Z][A-Z_]+\b/g) ?? []))
  })
  return found
}

/** What a call begins with, and whether it goes through `each`: `it.each(…)(…)`, `expect(…).rejects.toMatchObject(…)`. */
function callee(call: ts.CallExpression): { name: string; isTable: boolean } {
  let isTable = false
  let at: ts.Expression = call.expression
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) {
    isTable ||= ts.isPropertyAccessExpression(at) && at.name.text === 'each'
    at = at.expression
  }
  return { name: ts.isIdentifier(at) ? at.text : '', isTable }
}

/** Codes in `expect(…)…(…)` and in the tables whose rows a test is run over, written in place or under a name. */
function assertedCodes(source: ts.SourceFile): string[] {
  const found: string[] = []
  const tables = new Set<string>()
  visit(source, (node) => {
    if (!ts.isCallExpression(node)) return
    const { name, isTable } = callee(node)
    if (name === 'expect') found.push(...codesBelow(node))
    if (!isTable || !ts.isPropertyAccessExpression(node.expression)) return
    for (const table of node.arguments) {
      found.push(...codesBelow(table))
      if (ts.isIdentifier(table)) tables.add(table.text)
    }
  })
  visit(source, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && tables.has(node.name.text))
      found.push(...codesBelow(node))
  })
  return found
}

describe('every code of the error catalogue', () => {
  it('is thrown somewhere', () => {
    // The catalogue's own keys are names, not strings.
    const thrown = new Set(parse('src', '.ts').flatMap(codesBelow))
    expect(CODES.filter((code) => !thrown.has(code))).toEqual([])
  })

  it('is asserted by a test', () => {
    const asserted = new Set(parse('test', '.test.ts').flatMap(assertedCodes))
    expect(CODES.filter((code) => !asserted.has(code))).toEqual([])
  })
})
