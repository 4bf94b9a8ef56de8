import { expect, it } from 'vitest'
import { whatIsMissing } from './what-is-missing.ts'

const all = { mode: 'sketch', prompt: 'a pear', blank: false, repaints: false } as const

it('misses nothing where there is a prompt and what it is to be painted over', () => {
  expect(whatIsMissing(all)).toBeNull()
  expect(whatIsMissing({ ...all, mode: 'text', blank: true })).toBeNull()
  expect(whatIsMissing({ ...all, mode: 'inpaint', repaints: true })).toBeNull()
})

it('lets an empty prompt and an empty canvas be run by whoever wants that', () => {
  expect(whatIsMissing({ ...all, blank: true })).toMatchObject({ mayRun: true, text: expect.stringContaining('empty') })
  for (const mode of ['text', 'sketch', 'inpaint'] as const)
    expect(whatIsMissing({ ...all, mode, repaints: true, prompt: ' \n' })).toMatchObject({
      mayRun: true,
      text: expect.stringContaining('prompt'),
    })
})

it('does not let an inpainting be run that would repaint nothing', () => {
  expect(whatIsMissing({ ...all, mode: 'inpaint' })).toMatchObject({
    mayRun: false,
    text: expect.stringMatching(/^Paint over/),
  })
  expect(whatIsMissing({ ...all, mode: 'inpaint', blank: true })).toMatchObject({
    mayRun: false,
    text: expect.stringMatching(/^Open/),
  })
})
