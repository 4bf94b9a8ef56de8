import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'oxc-parser'
import { expect, it } from 'vitest'
import { allowed, isTest } from './allowed.ts'
import { readSources, type Source } from './imports.ts'

const mostLines = 200
const mostLinesOfFunction = 80
/** The formatter's, which leaves comments, and texts that stand on one line, as they are. */
const mostColumns = 120

const root = fileURLToPath(new URL('../..', import.meta.url))
const product = await measure(Object.keys(allowed))
const productAndBenchmarks = [...product, ...(await measure(['bench']))]

async function measure(folders: readonly string[]) {
  return (
    (await readSources(root, folders))
      // What a generator writes is nobody's to shorten.
      .filter(({ path }) => !isTest(path) && path !== 'packages/client/src/schema.ts')
      .map((source) => ({ ...source, ...read(source) }))
  )
}

interface Span {
  start: number
  end: number
}

/** Functions, and texts that stand on one line as a whole. */
function read({ path, text }: Source): { functions: Span[]; texts: Span[] } {
  const functions: Span[] = []
  const texts: Span[] = []
  const take = (node: Span) => functions.push({ start: node.start, end: node.end })
  const takeText = (node: Span) => {
    if (!text.slice(node.start, node.end).includes('\n')) texts.push({ start: node.start, end: node.end })
  }
  new Visitor({
    FunctionDeclaration: take,
    FunctionExpression: take,
    ArrowFunctionExpression: take,
    Literal: takeText,
    TemplateLiteral: takeText,
  }).visit(parseSync(path, text).program)
  return { functions, texts }
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length

it('no file is longer than 200 lines', () => {
  const long = productAndBenchmarks.map(({ path, text }) => [path, text.trimEnd().split('\n').length] as const)
  expect(long.filter(([, lines]) => lines > mostLines)).toEqual([])
})

it('no function is longer than 80 lines', () => {
  const long = productAndBenchmarks.flatMap((source) =>
    source.functions
      .map(({ start, end }) => [lineAt(source.text, start), lineAt(source.text, end)] as const)
      .filter(([first, last]) => last - first >= mostLinesOfFunction)
      .map(([first]) => `${source.path}:${first}`),
  )
  expect(long).toEqual([])
})

it('no line is wider than 120 columns, comments included, but for a text that cannot be divided', () => {
  const wide = product.flatMap(({ path, text, texts }) => {
    let at = 0
    return text.split('\n').flatMap((line, i) => {
      const edge = at + mostColumns
      at += line.length + 1
      const isText = texts.some(({ start, end }) => start <= edge && end >= edge)
      return line.length > mostColumns && !isText ? [`${path}:${i + 1}`] : []
    })
  })
  expect(wide).toEqual([])
})
