import { limits } from '@pentimento/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonForm, parseUrlencodedForm } from './text-form.ts'
import { createUploadBudget } from './upload-budget.ts'

const upload = createUploadBudget(1e9).open('a', new AbortController().signal)
const files = ['image', 'mask']
const json = (text: string) => parseJsonForm(Buffer.from(text), 'application/json', files, upload)
const urlencoded = (text: string) => parseUrlencodedForm(Buffer.from(text), files)
const code = (reading: Promise<unknown>) =>
  reading.then(
    () => null,
    (error) => [error.code, error.options?.errors?.[0]?.pointer],
  )

describe('JSON', () => {
  it('has fields as they are, null as if it were left out, and files as text', async () => {
    const form = await json('{"prompt":"a","steps":7,"soft":true,"metadata":{"a":[1]},"seed":null,"image":"AQID"}')
    expect({ ...form.fields }).toEqual({ prompt: 'a', steps: 7, soft: true, metadata: { a: [1] } })
    expect(form.files.map(({ name, bytes }) => [name, ...bytes])).toEqual([['image', 1, 2, 3]])
  })

  it.each([
    ['', ['invalid_request', undefined]],
    ['[]', ['invalid_request', undefined]],
    ['{"a":1,"a":2}', ['invalid_request', undefined]],
    ['{"seed":12345678901234567890}', ['invalid_request', undefined]],
    ['{"image":"https://example.com/a.png"}', ['invalid_fields', '/image']],
    ['{"mask":"AQI=AQ"}', ['invalid_fields', '/mask']],
    ['{"image":""}', ['invalid_fields', '/image']],
    ['{"image":"data:image/svg+xml,<svg/>"}', ['invalid_fields', '/image']],
    [`{"image":"${'A'.repeat(Math.ceil((limits.imageBytes * 4) / 3) + 8)}"}`, ['payload_too_large', '/image']],
    [`{"a":${'['.repeat(100)}${']'.repeat(100)}}`, ['payload_too_large', undefined]],
  ])('refuses %.40s', async (text, expected) => {
    expect(await code(json(text))).toEqual(expected)
  })
})

describe('an urlencoded form', () => {
  it('has texts, and files as texts', async () => {
    const form = await urlencoded('prompt=a+b%26%C3%A9&steps=7&empty=&flag&image=AQID%2Bw%3D%3D&')
    expect({ ...form.fields }).toEqual({ prompt: 'a b&é', steps: '7', empty: '', flag: '' })
    expect(form.files.map(({ bytes }) => [...bytes])).toEqual([[1, 2, 3, 251]])
  })

  it.each([
    ['a=1&a=2', ['duplicate_field', '/a']],
    ['a=%E9', ['invalid_request', undefined]],
    ['a=%', ['invalid_request', undefined]],
    [Array.from({ length: 200 }, (_, i) => `a${i}&`).join(''), ['payload_too_large', undefined]],
    ['image=@picture.png', ['invalid_fields', '/image']],
  ])('refuses %.40s', async (text, expected) => {
    expect(await code(urlencoded(text))).toEqual(expected)
  })

  it('reads what URLSearchParams writes', async () => {
    const names = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => !files.includes(name))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.string({ unit: 'grapheme' })), async (fields) => {
        const written = new URLSearchParams(fields).toString()
        expect({ ...(await urlencoded(written)).fields }).toEqual({ ...fields })
      }),
      { numRuns: 100 },
    )
  })
})

it('takes the bytes of a file in every spelling of base64', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(3), async (bytes, spelling) => {
      const plain = Buffer.from(bytes).toString('base64')
      const text = [
        plain,
        `data:image/png;base64,${plain}`,
        Buffer.from(bytes).toString('base64url'),
        plain.replace(/.{7}/g, '$&\n'),
      ][spelling]
      const form = await json(JSON.stringify({ image: text }))
      expect([...(form.files[0]?.bytes ?? [])]).toEqual([...bytes])
    }),
    { numRuns: 100 },
  )
})

it('takes nothing else for base64, wherever it stands', async () => {
  const digit = fc.constantFrom(...'ABYZabyz0189+/-_=')
  const other = fc.constantFrom('*', '.', ',', ':', '\0', 'é', 'Ł', 'İ', '漢', '🍓', '%', '"', '\\')
  const text = fc.string({ unit: fc.oneof({ weight: 12, arbitrary: digit }, other), minLength: 1, maxLength: 24 })
  await fc.assert(
    fc.asyncProperty(text, async (image) => {
      const digits = image.replace(/={1,2}$/, '')
      // A last digit alone stands for no byte.
      const isRight = /^[\w+/-]+$/.test(digits) && digits.length % 4 !== 1
      const taken = await json(JSON.stringify({ image })).then(
        () => true,
        ({ code }) => code !== 'invalid_fields',
      )
      expect(taken).toBe(isRight)
    }),
    { numRuns: 2000 },
  )
})
