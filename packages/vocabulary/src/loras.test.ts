import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takeLoras } from './loras.ts'

const one = (prompt: string) => takeLoras(prompt).loras[0]

describe('<lora:…>', () => {
  it.each([
    ['<lora:x>', 1, 1],
    ['<lora:x:0.7>', 0.7, 0.7],
    ['<lora:x:0.7:0.2>', 0.2, 0.7],
    ['<lora:x:-1>', -1, -1],
    ['<lora:x:1:0>', 0, 1],
    ['<lora:x:te=0.5>', 0.5, 0.5],
    ['<lora:x:unet=0.5>', 0.5, 1],
    ['<lora:x:.5:unet=2>', 2, 0.5],
    ['<lora:x:0.3:0.6:te=0.1>', 0.6, 0.1],
    ['<lyco:x:1e-1>', 0.1, 0.1],
  ])('%s counts in UNet and text encoders', (tag, weight, text_weight) => {
    expect(takeLoras(`a ${tag}cat`)).toEqual({
      prompt: 'a cat',
      loras: [{ name: 'x', weight, text_weight }],
      problem: null,
    })
  })

  it('of one name several times count by the last numbers, as often as it is named', () => {
    expect(takeLoras('<lora:x:0.2><lora:y:1>, <lora:x:0.5:0.1>')).toEqual({
      prompt: ', ',
      loras: [
        { name: 'x', weight: 0.2, text_weight: 1 },
        { name: 'y', weight: 1, text_weight: 1 },
      ],
      problem: null,
    })
  })

  it.each([
    ['<lora::1>', /names no LoRA/],
    ['<lora:x:strong>', /are to be numbers/],
    ['<lora:x:>', /are to be numbers/],
    ['<lora:x:11>', /from -10 to 10 times/],
    ['<lora:x:1:1:4>', /dyn\) is not supported/],
    ['<lora:x:dyn=4>', /dyn\) is not supported/],
  ])('%s is refused with the reason', (tag, problem) => {
    expect(takeLoras(tag).problem).toMatch(problem)
  })

  it('is nothing else: other brackets stay as they are', () => {
    for (const prompt of ['a <b> c', '<lora:>', 'x <lora', '<hypernet:x:1>', '(a:1.2) [b]'])
      expect(takeLoras(prompt)).toEqual({ prompt, loras: [], problem: null })
    expect(one('<LORA:x:1>')).toBeUndefined()
  })

  it('is taken out of any prompt, and nothing besides', () => {
    const words = fc.array(fc.constantFrom('cat', ', ', '<lora:x:1>', '(', ')', ':1.1', '>', '<'))
    fc.assert(
      fc.property(words, (parts) => {
        const plain = parts.filter((part) => part !== '<lora:x:1>').join('')
        fc.pre(!plain.includes('<lora') && !/<[^>]*$/.test(plain.replace(/<[^>]*>/g, '')))
        fc.pre(!parts.some((part, i) => part === '<' && parts[i + 1] === '<lora:x:1>'))
        expect(takeLoras(parts.join('')).prompt).toBe(plain)
      }),
    )
  })
})
