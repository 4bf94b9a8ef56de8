import { parseSync, Visitor } from 'oxc-parser'

/** One small change of a source that a test should notice. */
export interface Mutant {
  line: number
  /** What stood there, and what stands there instead. */
  was: string
  becomes: string
  /** The whole source with the change. */
  text: string
}

interface Edit {
  start: number
  end: number
  becomes: string
}

const operators: Record<string, string> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '/=': '*=',
}
const calls: Record<string, string> = {
  max: 'min',
  min: 'max',
  floor: 'ceil',
  ceil: 'floor',
  some: 'every',
  every: 'some',
}

/** Every mutant of a TypeScript source: operators, numbers, conditions, and functions that have an opposite. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const edits: Edit[] = []
  const operator = ({ left, right, operator: was }: { left: Span; right: Span; operator: string }): void => {
    const becomes = operators[was]
    const start = text.indexOf(was, left.end)
    if (becomes !== undefined && start < right.start) edits.push({ start, end: start + was.length, becomes })
  }
  const condition = ({ test }: { test: Span }): void => {
    edits.push({ ...test, becomes: 'true' }, { ...test, becomes: 'false' })
  }
  new Visitor({
    BinaryExpression: operator,
    LogicalExpression: operator,
    AssignmentExpression: operator,
    IfStatement: condition,
    ConditionalExpression: condition,
    Literal({ start, end, value }) {
      if (typeof value === 'number') edits.push({ start, end, becomes: String(value + 1) })
      if (typeof value === 'boolean') edits.push({ start, end, becomes: String(!value) })
    },
    UnaryExpression({ start, end, operator: was, argument }) {
      if (was === '!' || was === '-') edits.push({ start, end, becomes: text.slice(argument.start, argument.end) })
    },
    MemberExpression({ property }) {
      const becomes = property.type === 'Identifier' ? calls[property.name] : undefined
      if (becomes !== undefined) edits.push({ start: property.start, end: property.end, becomes })
    },
  }).visit(parseSync(path, text).program)
  return edits.map((edit) => mutant(text, edit))
}

interface Span {
  start: number
  end: number
}

/** As {@link mutantsOf}, of the Lua in a source's template string: by its tokens. */
export function luaMutantsOf(text: string): Mutant[] {
  // Backticks in comments come before.
  const [start, end] = [text.indexOf('= `') + 3, text.lastIndexOf('`')]
  const tokens = /--.*|'[^']*'|\bmath\.(max|min)\b|(?<=\s)(\+|-|\*|\/|<=|>=|<|>|==|~=|and|or)(?=\s)|\b\d+\b/g
  const opposites: Record<string, string> = { ...operators, '==': '~=', '~=': '==', and: 'or', or: 'and' }
  return [...text.slice(start, end).matchAll(tokens)].flatMap((match) => {
    const [was] = match
    const number = /^\d+$/.test(was) ? String(Number(was) + 1) : undefined
    const call = match[1] && `math.${match[1] === 'max' ? 'min' : 'max'}`
    const becomes = number ?? call ?? opposites[was]
    const at = start + match.index
    return becomes === undefined ? [] : [mutant(text, { start: at, end: at + was.length, becomes })]
  })
}

function mutant(text: string, { start, end, becomes }: Edit): Mutant {
  return {
    line: text.slice(0, start).split('\n').length,
    was: text.slice(start, end),
    becomes,
    text: text.slice(0, start) + becomes + text.slice(end),
  }
}
