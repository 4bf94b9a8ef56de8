import { errorCodes, errorTable, type Problem } from '@pentimento/contracts'
import { describe, expect, it, vi } from 'vitest'

vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined })
const { ApiError } = await import('./client.ts')
const { fieldErrors, jobErrorWords, plainWords, refusalMessages } = await import('./plain-words.ts')

const problem = (changes: Partial<Problem>): Problem => ({
  type: 'about:blank',
  title: 'Some fields are not valid',
  status: 422,
  code: 'invalid_fields',
  ...changes,
})
const error = (changes: Partial<Problem>) => new ApiError(422, problem(changes), null)

describe('plainWords', () => {
  it('has a sentence for every error of the contract', () => {
    for (const code of errorCodes) {
      const { title, status } = errorTable[code]
      expect(plainWords(error({ code, title, status })), code).toMatch(/^[A-Z].*[.!?…]$/s)
      expect(jobErrorWords({ code, message: title }), code).toMatch(/^[A-Z].*[.!?…]$/s)
    }
  })

  it('leaves it to a job to say how large a mask must be', () => {
    const message = 'The mask repaints nothing: mark at least 140 × 140 pixels.'
    expect(jobErrorWords({ code: 'empty_mask', message })).toBe(message)
  })

  it('speaks of the service when there was no answer of its own', () => {
    expect(plainWords(new TypeError('Failed to fetch'))).toContain('cannot be reached')
    expect(plainWords(new ApiError(502, null, null))).toContain('502')
  })
})

describe('fieldErrors', () => {
  it('gives each field the words of the api', () => {
    const errors = [
      { pointer: '/steps', detail: 'must be at most 150' },
      { pointer: '', detail: 'too much work' },
    ]
    expect(fieldErrors(error({ errors }))).toEqual({ steps: 'Must be at most 150.', '': 'Too much work.' })
    expect(fieldErrors(new TypeError('Failed to fetch'))).toEqual({})
  })
})

describe('refusalMessages', () => {
  const hasControl = (field: string) => field === 'steps'
  const steps = { pointer: '/steps', detail: 'must be at most 150' }

  it('puts a message at its field, and says the others in one place', () => {
    expect(refusalMessages(error({ errors: [steps] }), hasControl)).toEqual({ steps: 'Must be at most 150.' })
    const image = { pointer: '/image', detail: 'is no picture' }
    expect(refusalMessages(error({ errors: [steps, image] }), hasControl)).toEqual({
      steps: 'Must be at most 150.',
      '': 'image: Is no picture.',
    })
  })

  it('prefers words for people where there are some, and always says something', () => {
    const errors = [{ pointer: '/mask', detail: 'The mask repaints nothing.' }]
    expect(refusalMessages(error({ code: 'empty_mask', errors }), hasControl)['']).toContain('paint over the part')
    expect(refusalMessages(error({ errors: [] }), hasControl)['']).toBe('Some fields are not valid.')
    expect(refusalMessages(new TypeError('Failed to fetch'), hasControl)['']).toContain('cannot be reached')
  })
})
