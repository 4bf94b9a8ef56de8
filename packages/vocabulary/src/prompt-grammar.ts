/** A piece of a prompt as AUTOMATIC1111's grammar reads it. */
export type PromptNode =
  | string
  /** `[before:after:when]`: `before` until that step. */
  | { kind: 'scheduled'; before: PromptNode[]; after: PromptNode[]; when: string }
  /** `[a|b|…]`: another one at each step. */
  | { kind: 'alternate'; options: PromptNode[][] }

/**
 * Reads prompt editing and alternation (modules/prompt_parser.py, schedule_parser), in brackets of any depth; brackets
 * of emphasis stay text. Brackets that are no pair, or hold what is none of these, are text, too.
 *
 * @returns null for what that grammar does not read at all, as a `|` outside of brackets
 */
export function parsePrompt(text: string): PromptNode[] | null {
  const nodes: PromptNode[] = []
  for (let at = 0; at < text.length; ) {
    const found = itemAt(text, at)
    if (found) {
      nodes.push(...found.nodes)
      at = found.end
    } else if (/[[\]():]/.test(text[at] ?? '')) nodes.push(text[at++] ?? '')
    else return null
  }
  return nodes
}

interface Found {
  nodes: PromptNode[]
  end: number
}

const plain = /(?:[^\\[\]():|]|\\.)+/y
/** A step, or a share of the steps, and the bracket behind it. */
const when = /\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*\]/y

/** Text, or a pair of brackets and what is in it; null where neither begins. */
function itemAt(text: string, at: number): Found | null {
  const run = matchAt(plain, text, at)
  if (run) return { nodes: [run[0]], end: at + run[0].length }
  if (text[at] === '(') return roundAt(text, at)
  return text[at] === '[' ? squareAt(text, at) : null
}

/** As many items as follow each other, perhaps none. */
function promptAt(text: string, at: number): Found {
  const nodes: PromptNode[] = []
  let end = at
  for (let item = itemAt(text, end); item; item = itemAt(text, end)) {
    nodes.push(...item.nodes)
    end = item.end
  }
  return { nodes, end }
}

/** `(x)` or `(x:weight)`. */
function roundAt(text: string, at: number): Found | null {
  const inner = promptAt(text, at + 1)
  if (text[inner.end] === ')') return { nodes: ['(', ...inner.nodes, ')'], end: inner.end + 1 }
  if (text[inner.end] !== ':') return null
  const weight = promptAt(text, inner.end + 1)
  if (text[weight.end] !== ')') return null
  return { nodes: ['(', ...inner.nodes, ':', ...weight.nodes, ')'], end: weight.end + 1 }
}

function squareAt(text: string, at: number): Found | null {
  const first = promptAt(text, at + 1)
  if (text[first.end] === ']') return { nodes: ['[', ...first.nodes, ']'], end: first.end + 1 }
  if (text[first.end] === '|') return alternateFrom(text, first)
  if (text[first.end] !== ':') return null
  const soon = matchAt(when, text, first.end + 1)
  if (soon) return scheduled([], first.nodes, soon, first.end + 1)
  const second = promptAt(text, first.end + 1)
  const later = text[second.end] === ':' ? matchAt(when, text, second.end + 1) : null
  return later && scheduled(first.nodes, second.nodes, later, second.end + 1)
}

function scheduled(before: PromptNode[], after: PromptNode[], [all, step = '']: RegExpExecArray, at: number): Found {
  return { nodes: [{ kind: 'scheduled', before, after, when: step }], end: at + all.length }
}

function alternateFrom(text: string, first: Found): Found | null {
  const options = [first.nodes]
  let { end } = first
  while (text[end] === '|') {
    const option = promptAt(text, end + 1)
    options.push(option.nodes)
    end = option.end
  }
  return text[end] === ']' ? { nodes: [{ kind: 'alternate', options }], end: end + 1 } : null
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
