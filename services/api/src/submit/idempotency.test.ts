import { describe, expect, it } from 'vitest'
import { fingerprint, idempotencyOf } from './idempotency.ts'

const keyOf = (key: string) => idempotencyOf('img2img', { fields: {}, files: [] }, key)?.key

describe('an Idempotency-Key', () => {
  it('has quotes or none, and nothing odd in it', () => {
    expect(keyOf('a-1')).toBe('a-1')
    expect(keyOf('"a-1"')).toBe('a-1')
    for (const key of ['', 'é', 'x'.repeat(256), 'a\tb']) expect(() => keyOf(key)).toThrow(/Idempotency-Key/)
  })

  it('need not be there', () => {
    expect(idempotencyOf('img2img', { fields: {}, files: [] }, undefined)).toBeNull()
  })
})

describe('fingerprint', () => {
  const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) })
  const image = [file('image', 'a')]

  it('does not depend on the order of the fields and on nothing but kind, fields and contents', () => {
    const base = fingerprint('img2img', { fields: { prompt: 'p', seed: '1' }, files: image })
    expect(fingerprint('img2img', { fields: { seed: '1', prompt: 'p' }, files: image })).toBe(base)
    expect(fingerprint('inpaint', { fields: { prompt: 'p', seed: '1' }, files: image })).not.toBe(base)
    expect(fingerprint('img2img', { fields: { prompt: 'p', seed: '2' }, files: image })).not.toBe(base)
    expect(fingerprint('img2img', { fields: { prompt: 'p', seed: '1' }, files: [file('image', 'b')] })).not.toBe(base)
    expect(fingerprint('img2img', { fields: { prompt: 'p', seed: '1' }, files: [file('mask', 'a')] })).not.toBe(base)
    expect(fingerprint('img2img', { fields: { prompt: 'p' }, files: image })).not.toBe(base)
  })

  it('does not depend on the order of the files', () => {
    const files = [file('mask', 'm'), ...image]
    const fields = { prompt: 'p' }
    expect(fingerprint('inpaint', { fields, files })).toBe(
      fingerprint('inpaint', { fields, files: files.toReversed() }),
    )
  })

  it('stays what it is from version to version, so that a repeat is known across an upgrade', () => {
    const fields = { seed: '1', prompt: 'a cat, 日本', image_url: null }
    expect(fingerprint('inpaint', { fields, files: [file('mask', 'm'), ...image] })).toBe(
      'a75a098763202617325574b22fa1de5d9755a40620274790d95c3ceed7331b12',
    )
  })
})
