import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinedPrompts, promptSchedule, promptSteps, scheduledAt } from './prompt-schedule.ts'

interface Golden {
  schedules: [prompt: string, steps: number, before: number | null, texts: [until: number, text: string][]][]
  joined: [prompt: string, parts: [text: string, weight: number][]][]
}

/** What AUTOMATIC1111's grammar says on lark (tools/reference/make_prompt_schedules.py). */
const golden: Golden = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/prompt-schedules.json.gz', import.meta.url))).toString(),
)

describe('a prompt over its steps', () => {
  test('says what it says in AUTOMATIC1111, 527 prompts', () => {
    const different = golden.schedules.filter(([prompt, steps, before, expected]) => {
      const found = promptSchedule(prompt, steps, before).map(({ until, text }) => [until, text])
      return JSON.stringify(found) !== JSON.stringify(expected)
    })
    // Where loose brackets or colons stand right behind an edited one, its grammar is ambiguous, and lark may take this
    // for text, too.
    expect(different.length).toBeLessThanOrEqual(8)
    expect(golden.schedules.length).toBe(527)
  })

  test('joined by AND has weights as there', () => {
    for (const [prompt, parts] of golden.joined)
      expect(joinedPrompts(prompt).map(({ text, weight }) => [text, weight])).toEqual(parts)
  })

  test('is read up to and with the step that ends a text; behind all the first one holds', () => {
    const schedule = promptSchedule('a [cat:dog:2]', 4)
    expect([0, 1, 2, 3, 4, 5].map((call) => scheduledAt(schedule, call)?.text)).toEqual([
      'a cat',
      'a cat',
      'a cat',
      'a dog',
      'a dog',
      'a cat',
    ])
    expect([promptSteps('heun', 10), promptSteps('euler', 10), promptSteps('dpmpp_sde', 3)]).toEqual([20, 10, 6])
  })

  test('of anything is told soon, and ends with the last step', () => {
    const piece = fc.constantFrom('[', ']', '(', ')', ':', '|', '\\', 'a', ' ', '0.5', '3', 'AND', '[a:b:2]')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 900, size: 'max' }), (pieces) => {
        const started = performance.now()
        const schedule = promptSchedule(pieces.join(''), 150)
        expect(schedule.at(-1)?.until).toBe(150)
        expect(performance.now() - started).toBeLessThan(1000)
      }),
      { numRuns: 100 },
    )
    for (const deep of ['['.repeat(2000), '[a|'.repeat(600), '('.repeat(1000) + ')'.repeat(1000)])
      expect(promptSchedule(deep, 20).at(-1)?.until).toBe(20)
  })
})
