import { heaviest, parseAttention } from './attention.ts'
import { type JoinedPrompt, mostJoined, promptSchedule } from './prompt-schedule.ts'
import { unsupportedSyntax } from './unsupported-syntax.ts'

/** Without one, all words count once, at every step. */
const bracket = /[([]/

/** How many different texts a prompt may come to over its steps: each is encoded. */
const mostTexts = 50

/** What is wrong with prompts that `AND` joins, or null. */
export function joinedProblem(joined: readonly JoinedPrompt[]): string | null {
  if (joined.length > mostJoined) return `AND joins ${joined.length} prompts, and at most ${mostJoined} are taken`
  const heavy = joined.find(({ weight }) => Math.abs(weight) > heaviest)
  return heavy ? `a prompt that AND joins may count from -${heaviest} to ${heaviest} times, not ${heavy.weight}` : null
}

/**
 * What makes a prompt unusable, or null.
 *
 * @param steps that it counts
 */
export function promptProblem(prompts: readonly { text: string }[], steps: number): string | null {
  for (const { text } of prompts) {
    const syntax = unsupportedSyntax(text)
    if (syntax !== null) return `${syntax.what} is not supported: ${syntax.remedy}`
  }
  const texts = new Set(
    prompts.flatMap(({ text }) => (bracket.test(text) ? promptSchedule(text, steps).map((one) => one.text) : [text])),
  )
  if (texts.size > mostTexts)
    return `over its steps it comes to ${texts.size} different texts, and at most ${mostTexts} are taken: alternate between fewer`
  return heavyProblem([...texts])
}

function heavyProblem(texts: readonly string[]): string | null {
  const pieces = texts.filter((text) => bracket.test(text)).flatMap((text) => parseAttention(text))
  const heavy = pieces.find(({ weight }) => !(Math.abs(weight) <= heaviest))
  if (!heavy) return null
  const words = Array.from((heavy.text ?? 'BREAK').trim())
  const shown = words.length > 30 ? `${words.slice(0, 30).join('')}…` : words.join('')
  const { weight } = heavy
  const times = Math.abs(weight) < 1e6 ? Number(weight.toPrecision(6)) : weight.toExponential(0)
  return `"${shown}" would count ${times} times, and a word may count from -${heaviest} to ${heaviest} times: take smaller weights or fewer brackets`
}
