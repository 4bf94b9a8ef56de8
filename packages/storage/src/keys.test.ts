import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertKey, assertPrefix } from './key-rules.ts'
import { attemptPrefix, inputKey, jobPrefix, resultKey } from './keys.ts'

const job = `job_${'2'.repeat(26)}`

describe('object keys', () => {
  it('lie below their job and attempt', () => {
    expect(jobPrefix('acme', job)).toBe(`tenants/acme/jobs/${job}/`)
    expect(inputKey('acme', job, 'mask.png')).toBe(`tenants/acme/jobs/${job}/inputs/mask.png`)
    expect(attemptPrefix('acme', job, 2)).toBe(`tenants/acme/jobs/${job}/attempts/2/`)
    expect(resultKey('acme', job, 2, 7, 'webp')).toBe(`tenants/acme/jobs/${job}/attempts/2/7.webp`)
  })

  it.each([
    ['tenant', () => jobPrefix('../x', job)],
    ['tenant', () => jobPrefix('', job)],
    ['tenant', () => jobPrefix('a/b', job)],
    ['job id', () => jobPrefix('acme', 'job_1')],
    ['job id', () => jobPrefix('acme', `job_${'/'.repeat(26)}`)],
    ['attempt', () => attemptPrefix('acme', job, 0)],
    ['attempt', () => attemptPrefix('acme', job, 1.5)],
    ['input name', () => inputKey('acme', job, 'image')],
    ['input name', () => inputKey('acme', job, '../image.png')],
    ['image index', () => resultKey('acme', job, 1, -1, 'png')],
    ['image format', () => resultKey('acme', job, 1, 0, 'gif')],
  ])('refuse a wrong %s', (what, build) => {
    expect(build).toThrow(`not a valid ${what}`)
  })

  it('never escape, whatever the parts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (tenant, id, name) => {
        try {
          const key = inputKey(tenant, id, name)
          expect(key.startsWith('tenants/')).toBe(true)
          expect(() => assertKey(key)).not.toThrow()
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
  })

  it('are paths without dot segments, empty segments or control characters', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => assertKey(parts.join('/'))))
    fc.assert(
      fc.property(
        fc.array(part),
        fc.constantFrom('..', '.', '', '\n', 'é', '.x', 'a b'),
        fc.array(part),
        (a, bad, b) => {
          expect(() => assertKey([...a, bad, ...b].join('/'))).toThrow(TypeError)
        },
      ),
    )
    expect(() => assertPrefix('')).not.toThrow()
    expect(() => assertPrefix('a')).toThrow('slash')
  })
})
