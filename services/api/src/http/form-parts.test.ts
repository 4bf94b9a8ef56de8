import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, named, type Part, readHandMade, typeOf } from '../testing/hand-made-form.ts'
import { parseForm } from './multipart.ts'

const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])

describe('a part under the name of a file', () => {
  it.each([
    ['no headers but its name', named('name="image"')],
    ['a type and no filename', `${named('name="image"')}\r\nContent-Type: image/jpeg`],
    ['the type of text', `${named('name="image"')}\r\nContent-Type: text/plain; charset=gbk`],
    ['an empty filename', named('name="image"; filename=""')],
    ['a filename first', named('filename="a.png"; name="image"')],
    ['a filename in Japanese', named('name="image"; filename="日本.png"')],
    ['a filename in Cyrillic', named('name="image"; filename="фото.jpg"')],
    ['a filename in Latin-1', Buffer.from(named('name="image"; filename="caf\u00e9.png"'), 'latin1')],
    ['a filename with a quote', named('name="image"; filename="a\\"b;.png"')],
    ['an encoded filename alone', named('name="image"; filename*=UTF-8\'\'%E6%97%A5.png')],
    ['an encoded filename that is none', named('name="image"; filename*=iso-8859-1\'en\'%E9%zz.png')],
    ['a name without quotes', named('name=image')],
    ['a semicolon at the end', named('name="image"; filename="a.png";')],
    ['a folded header', 'Content-Disposition: form-data;\r\n name="image"'],
    ['headers in any case', 'content-DISPOSITION:Form-Data; NAME="image"'],
    ['a transfer encoding that changes nothing', `${named('name="image"')}\r\nContent-Transfer-Encoding: 8BIT`],
  ])('is a file with %s', async (_, head) => {
    expect(await readHandMade([[head, picture]])).toEqual({ image: picture.length })
  })

  it.each([
    'photo.png',
    'https://example.com/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'iVBORw0KGgoAAAAN',
    '@größe',
  ])('is told so when it is text: %s', async (text) => {
    const remedy = 'is text, not a file: send the picture itself, as curl does with -F'
    for (const rest of ['', '\r\nContent-Type: image/png', '\r\nContent-Type: application/octet-stream']) {
      expect(await readHandMade([[`${named('name="image"')}${rest}`, text]])).toEqual({
        status: 422,
        code: 'invalid_fields',
        detail: `"image" ${remedy} image=@picture.png, or its address as image_url`,
        pointer: '/image',
      })
    }
    expect(await readHandMade([[named('name="mask"'), text]])).toMatchObject({
      detail: `"mask" ${remedy} mask=@picture.png`,
      pointer: '/mask',
    })
  })

  it('is none when nothing was chosen in a browser', async () => {
    const unchosen: Part = [`${named('name="mask"; filename=""')}\r\nContent-Type: application/octet-stream`, '']
    expect(await readHandMade([unchosen, [named('name="image"; filename="a"'), picture]])).toEqual({
      image: picture.length,
    })
    expect(await readHandMade([unchosen])).toEqual({})
    expect(await readHandMade([unchosen, unchosen])).toMatchObject({ code: 'duplicate_field', pointer: '/mask' })
  })
})

it.each([
  ['----WebKitFormBoundary7MA4YWxkTrZu0gW', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
  ['----=_Part_1_123.456', '----=_Part_1_123.456'],
  ['"a b"', 'a b'],
  ['"\'()+_,-./:=?"; charset=utf-8', "'()+_,-./:=?"],
])('a form may have the boundary %s', async (written, boundary) => {
  async function* pieces() {
    yield Buffer.from(`--${boundary}\r\n${named('name="prompt"')}\r\n\r\na cat\r\n--${boundary}--`)
  }
  expect(await parseForm(pieces(), `multipart/form-data; boundary=${written}`, [])).toEqual({
    fields: { prompt: 'a cat' },
    files: [],
  })
})

describe('a part under another name', () => {
  it('is text, whatever its headers', async () => {
    for (const head of [named('name="prompt"'), named('name="prompt"; filename=""')])
      for (const type of ['', 'text/plain', 'application/octet-stream', 'nothing'])
        expect(await readHandMade([[`${head}\r\nContent-Type: ${type}`, 'a cat']])).toEqual({ prompt: 'a cat' })
  })

  it('is refused with a filename, and told how to be sent', async () => {
    for (const filename of ['filename="prompt.txt"', "filename*=UTF-8''prompt.txt"]) {
      const refused = await readHandMade([[named(`name="prompt"; ${filename}`), 'a cat']])
      expect(refused).toMatchObject({ status: 400, code: 'invalid_multipart', pointer: '/prompt' })
      expect(refused.detail).toBe(
        '"prompt" is not a file field; file fields are image, mask: send text without a filename, as curl does with -F "prompt=<file.txt"',
      )
    }
  })

  it('is, where it declares JSON, its string, or the text that the rules of its field read', async () => {
    const json = (name: string) => `${named(`name="${name}"`)}\r\nContent-Type: application/json; charset=utf-8`
    const metadata = '{"id": 12345678901234567890}'
    const parts: Part[] = [
      [json('prompt'), '"a \\"cat\\""'],
      [json('seed'), '5'],
      [json('metadata'), metadata],
      [json('model'), 'null'],
    ]
    expect(await readHandMade(parts)).toEqual({ prompt: 'a "cat"', seed: '5', metadata })
    expect(await readHandMade([[json('prompt'), 'a cat']])).toMatchObject({
      code: 'invalid_multipart',
      detail: '"prompt" is declared as JSON and is none',
    })
  })
})

describe('a part', () => {
  it.each([
    ['without headers', ''],
    ['without a disposition', 'Content-Type: text/plain'],
    ['without a name', named('filename="a.png"')],
    ['with an empty name', named('name=""')],
    ['that is an attachment', 'Content-Disposition: attachment; name="prompt"'],
  ])('%s is refused, never left out', async (_, head) => {
    const refused = await readHandMade([
      [named('name="seed"'), '5'],
      [head, 'a cat'],
    ])
    expect(refused).toMatchObject({ status: 400, code: 'invalid_multipart' })
    expect(refused.detail).toBe('a part has no name: it needs Content-Disposition: form-data; name="…"')
  })

  it.each(['base64', 'Quoted-Printable'])('in the transfer encoding %s is refused', async (encoding) => {
    for (const name of ['prompt', 'image']) {
      const head = `${named(`name="${name}"`)}\r\nContent-Transfer-Encoding: ${encoding}`
      const refused = await readHandMade([[head, 'YSBjYXQ=']])
      expect(refused).toMatchObject({ status: 400, code: 'invalid_multipart', pointer: `/${name}` })
      expect(refused.detail).toMatch(/send its bytes as they are/)
    }
  })

  it('with parts of its own is refused, and told how curl comes to make one', async () => {
    for (const name of ['prompt', 'image']) {
      const head = `${named(`name="${name}"`)}\r\nContent-Type: multipart/mixed; boundary=inner`
      expect(await readHandMade([[head, '--inner--\r\n']])).toEqual({
        status: 400,
        code: 'invalid_multipart',
        detail: `"${name}" has parts of its own, and one value is wanted: curl makes them of a value that begins with "(", but for --form-string in place of -F`,
        pointer: `/${name}`,
      })
    }
  })

  it('holds any bytes, however the body is cut into pieces', async () => {
    const piece = fc.constantFrom('\r', '\n', '-', 'a', 'b', '\r\n', '--a', '\r\n--', '\r\n--ab', '\r\n-', '-bc', '\0')
    const body = fc.array(piece, { maxLength: 9 }).map((all) => all.join(''))
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 3 }), cuts, async (bodies, at) => {
        fc.pre(bodies.every((text) => `\r\n${text}\r\n--abc`.indexOf('\r\n--abc') === text.length + 2))
        const whole = bodyOf(bodies.map((text, i): Part => [named(`name="n${i}"`), text]))
        const ends = [...at.map((share) => Math.floor(share * whole.length)).sort((a, b) => a - b), whole.length]
        async function* pieces() {
          for (const [i, end] of ends.entries()) yield whole.subarray(ends[i - 1] ?? 0, end)
        }
        expect(Object.values((await parseForm(pieces(), typeOf, [])).fields)).toEqual(bodies)
      }),
      { numRuns: 2000 },
    )
  })
})
