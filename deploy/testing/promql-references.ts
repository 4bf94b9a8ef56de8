/** A metric that an expression names, with the labels it expects of it. */
export interface MetricReference {
  metric: string
  matchers: { label: string; operator: string; value: string }[]
}

export interface References {
  metrics: MetricReference[]
  /** Labels after `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`. */
  grouping: string[]
}

const TOKENS =
  /(?<space>\s+)|(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<range>\[[^\]]*\])|(?<word>[A-Za-z_:$][\w:$]*)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<operator>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},])/y

const WORDS = ['and', 'or', 'unless', 'bool', 'offset']
const GROUPING = ['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']

/**
 * The metrics and labels that a PromQL expression names. Knows PromQL's words, not its grammar: what is followed by a
 * parenthesis or by `by` is a function or an aggregation, any other name is a metric.
 *
 * @throws Error on a character that is not of the language, and on brackets that do not match
 */
export function referencesOf(expression: string): References {
  const tokens = tokensOf(expression)
  const metrics: MetricReference[] = []
  const grouping: string[] = []
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text } = tokens[i] ?? { kind: '', text: '' }
    if (kind !== 'word' || WORDS.includes(text)) continue
    const next = tokens[i + 1]?.text
    if (GROUPING.includes(text) && next === '(') {
      const end = tokens.findIndex((token, at) => at > i && token.text === ')')
      grouping.push(
        ...tokens
          .slice(i + 2, end)
          .filter((token) => token.kind === 'word')
          .map((token) => token.text),
      )
      i = end
    } else if (next !== '(' && !GROUPING.includes(next ?? '')) {
      const end = next === '{' ? tokens.findIndex((token, at) => at > i && token.text === '}') : i
      metrics.push({ metric: text, matchers: matchersOf(tokens.slice(i + 2, end)) })
      i = end
    }
  }
  return { metrics, grouping }
}

interface Token {
  kind: string
  text: string
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = []
  const open: string[] = []
  TOKENS.lastIndex = 0
  while (TOKENS.lastIndex < expression.length) {
    const at = TOKENS.lastIndex
    const groups = TOKENS.exec(expression)?.groups
    if (!groups) throw new Error(`not PromQL at ${at}: ${expression}`)
    const [kind, text] = Object.entries(groups).find(([, value]) => value !== undefined) ?? ['', '']
    if (text === '(' || text === '{') open.push(text)
    if ((text === ')' && open.pop() !== '(') || (text === '}' && open.pop() !== '{'))
      throw new Error(`brackets do not match: ${expression}`)
    if (kind !== 'space') tokens.push({ kind, text })
  }
  if (open.length > 0) throw new Error(`brackets do not match: ${expression}`)
  return tokens
}

function matchersOf(tokens: Token[]): MetricReference['matchers'] {
  const matchers: MetricReference['matchers'] = []
  for (let i = 0; i < tokens.length; i += 4) {
    const [label, operator, value, comma] = tokens.slice(i, i + 4)
    if (label?.kind !== 'word' || operator?.kind !== 'operator' || value?.kind !== 'string')
      throw new Error(`not a label matcher: ${tokens.map(({ text }) => text).join('')}`)
    if (comma && comma.text !== ',') throw new Error(`a comma is missing before ${comma.text}`)
    matchers.push({ label: label.text, operator: operator.text, value: value.text.slice(1, -1) })
  }
  return matchers
}
