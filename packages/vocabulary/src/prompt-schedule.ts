import { type PromptNode, parsePrompt } from './prompt-grammar.ts'
import { type SamplerName, samplerFacts } from './samplers.ts'

/** A text of the prompt, and the last step that it is read at, as AUTOMATIC1111 counts them. */
export interface ScheduledText {
  until: number
  text: string
}

/** How many calls of the model AUTOMATIC1111 counts as the steps of a prompt: two for each step of some samplers. */
export function promptSteps(sampler: SamplerName, steps: number): number {
  return samplerFacts(sampler).callsTwice ? 2 * steps : steps
}

/**
 * What a prompt says at which step (modules/prompt_parser.py, get_learned_conditioning_prompt_schedules). A whole
 * number is a step, one with a point a share of all; a text holds up to and with its step. Steps count from 0 and are
 * those of the whole schedule, wherever a picture is begun from.
 *
 * @param steps by {@link promptSteps}
 * @param before steps of a first painting, of a prompt for the second: its steps count on from there, its shares from 1
 */
export function promptSchedule(prompt: string, steps: number, before: number | null = null): ScheduledText[] {
  const nodes = parsePrompt(prompt)
  if (!nodes) return [{ until: steps, text: prompt }]
  const stepOf = (when: string): number => {
    const value = Number(when)
    const counted = when.includes('.') ? (value - (before === null ? 0 : 1)) * steps : value - (before ?? 0)
    return Math.min(steps, Math.trunc(counted))
  }
  const ends = new Set([steps])
  collectEnds(nodes, steps, stepOf, ends)
  const inOrder = [...ends].toSorted((a, b) => a - b)
  return inOrder.map((until) => ({ until, text: textAt(nodes, until, stepOf) }))
}

/** Which of them is read at a call of the model; the first, where all have ended. */
export function scheduledAt<T extends { until: number }>(schedule: readonly T[], call: number): T | undefined {
  return schedule.find(({ until }) => call <= until) ?? schedule[0]
}

type StepOf = (when: string) => number

function collectEnds(nodes: readonly PromptNode[], steps: number, stepOf: StepOf, ends: Set<number>): void {
  for (const node of nodes) {
    if (typeof node === 'string') continue
    if (node.kind === 'alternate') {
      for (let step = 1; step <= steps; step++) ends.add(step)
      for (const option of node.options) collectEnds(option, steps, stepOf, ends)
      continue
    }
    const end = stepOf(node.when)
    if (end >= 1) ends.add(end)
    for (const inner of [node.before, node.after]) collectEnds(inner, steps, stepOf, ends)
  }
}

function textAt(nodes: readonly PromptNode[], step: number, stepOf: StepOf): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node
      if (node.kind === 'scheduled') return textAt(step <= stepOf(node.when) ? node.before : node.after, step, stepOf)
      return textAt(node.options[(step - 1) % node.options.length] ?? [], step, stepOf)
    })
    .join('')
}

/** One of the prompts that `AND` joins, and how strongly it pulls. */
export interface JoinedPrompt {
  text: string
  weight: number
}

/** How many prompts `AND` may join: each is asked about at every step. */
export const mostJoined = 8

/**
 * The prompts that `AND` joins, each with the number behind its colon (get_multicond_prompt_list there). Where there is
 * no `AND`, a number at the end is text.
 */
export function joinedPrompts(prompt: string): JoinedPrompt[] {
  const parts = prompt.split(/\bAND\b/)
  if (parts.length === 1) return [{ text: prompt, weight: 1 }]
  return parts.map((part) => {
    const [, text = '', weight = '1'] = /^([\s\S]*?)(?:\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+)))?\s*$/.exec(part) ?? []
    return { text, weight: Number(weight) }
  })
}
