import type { FastifyRequest } from 'fastify'
import { describe, expect, it } from 'vitest'
import { UploadedFile } from '../http/multipart.ts'
import { fingerprint } from './fingerprint.ts'
import { idempotency, preferredWait, traceparent } from './headers.ts'

const keyOf = (key: string) =>
  idempotency('img2img', { headers: { 'idempotency-key': key }, sentForm: {} } as unknown as FastifyRequest)?.key

describe('headers of a submit', () => {
  it('reads the wait of Prefer and caps it', () => {
    expect(preferredWait({ prefer: 'wait=7' })).toBe(7)
    expect(preferredWait({ prefer: 'respond-async, wait=70' })).toBe(60)
    expect(preferredWait({ prefer: 'Wait = "3"; x=1' })).toBe(3)
    for (const prefer of ['respond-async', 'wait', 'wait=-1', 'wait=x', 'await=3'])
      expect(preferredWait({ prefer })).toBe(0)
    expect(preferredWait({})).toBe(0)
  })

  it('takes keys with and without quotes and refuses odd ones', () => {
    expect(keyOf('a-1')).toBe('a-1')
    expect(keyOf('"a-1"')).toBe('a-1')
    for (const key of ['', 'é', 'x'.repeat(256), 'a\tb']) expect(() => keyOf(key)).toThrow(/Idempotency-Key/)
  })

  it('passes on well-formed trace contexts only', () => {
    const good = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    expect(traceparent({ traceparent: good })).toBe(good)
    expect(traceparent({ traceparent: `${good}\r\nx: y` })).toBeNull()
    expect(traceparent({})).toBeNull()
  })
})

describe('fingerprint', () => {
  const file = (text: string) => new UploadedFile(Buffer.from(text))

  it('does not depend on the order of the fields and on nothing but kind, fields and contents', () => {
    const base = fingerprint('img2img', { prompt: 'p', seed: '1', image: file('a') })
    expect(fingerprint('img2img', { image: file('a'), seed: '1', prompt: 'p' })).toBe(base)
    expect(fingerprint('inpaint', { prompt: 'p', seed: '1', image: file('a') })).not.toBe(base)
    expect(fingerprint('img2img', { prompt: 'p', seed: '2', image: file('a') })).not.toBe(base)
    expect(fingerprint('img2img', { prompt: 'p', seed: '1', image: file('b') })).not.toBe(base)
    expect(fingerprint('img2img', { prompt: 'p', seed: '1', mask: file('a') })).not.toBe(base)
    expect(fingerprint('img2img', { prompt: 'p', image: file('a') })).not.toBe(base)
  })
})
