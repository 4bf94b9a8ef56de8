import { expect, it } from 'vitest'
import { named, type Part, readHandMade } from '../testing/hand-made-form.ts'

const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3])
const latin = Buffer.from('a caf\u00e9', 'latin1')
const prompt = named('name="prompt"')
const inCharset = (charset: string, head = prompt) => `${head}\r\nContent-Type: text/plain; charset=${charset}`

it.each<[string, string, Uint8Array]>([
  ['gbk', '你好', gbk],
  ['"GBK"', '你好', gbk],
  ['gb18030', '你好', gbk],
  ['iso-8859-1', 'a café', latin],
  ['us-ascii', 'a café', latin],
  ['windows-1252', '€', Buffer.from([0x80])],
  ['windows-1251', 'кот', Buffer.from([0xea, 0xee, 0xf2])],
  ['shift_jis', '日本', Buffer.from([0x93, 0xfa, 0x96, 0x7b])],
  ['big5', '一', Buffer.from([0xa4, 0x40])],
  ['euc-kr', '가', Buffer.from([0xb0, 0xa1])],
  ['utf-16le', 'a猫', Buffer.from('a猫', 'utf16le')],
  ['utf-8', 'a café', Buffer.from('\ufeffa café')],
  ['UTF8', 'a café', Buffer.from('a café')],
])('a part may declare its charset: %s', async (charset, text, bytes) => {
  expect(await readHandMade([[inCharset(charset), bytes]])).toEqual({ prompt: text })
})

it('a field may name the charset of the parts that declare none, and is no field itself', async () => {
  const own: Part = [inCharset('latin1', named('name="negative_prompt"')), latin]
  const charset: Part = [named('name="_charset_"'), 'gbk']
  for (const order of [
    [charset, own],
    [own, charset],
  ])
    expect(await readHandMade([[prompt, gbk], ...order])).toEqual({ prompt: '你好', negative_prompt: 'a café' })
})

it('the form may declare the charset of its parts', async () => {
  expect(await readHandMade([[prompt, gbk]], 'multipart/form-data; charset=gbk; boundary=abc')).toEqual({
    prompt: '你好',
  })
})

it('text is UTF-8 where nothing declares another charset, with or without a mark', async () => {
  for (const mark of ['', '\ufeff'])
    expect(await readHandMade([[prompt, `${mark}a café, 猫`]])).toEqual({ prompt: 'a café, 猫' })
})

it.each<[string, Uint8Array]>([
  ['Latin-1', latin],
  ['GBK', gbk],
  ['UTF-16', Buffer.from('\ufeffa cat', 'utf16le')],
  ['half a pair', Buffer.from([0xed, 0xa0, 0x80])],
  ['a longer form than need be', Buffer.from([0xc0, 0x80])],
  ['the beginning of a character', Buffer.from([0x61, 0xf0, 0x9f])],
])('bytes that are not UTF-8 are refused: %s', async (_, bytes) => {
  const refused = await readHandMade([[prompt, bytes]])
  expect(refused).toMatchObject({ status: 400, code: 'invalid_multipart', pointer: '/prompt' })
  expect(refused.detail).toMatch(/^"prompt" is not valid UTF-8: send UTF-8, or declare the charset/)
})

it.each(['utf-7', 'base64', 'hz-gb-2312', 'x-nothing'])('a charset that nobody knows is refused: %s', async (name) => {
  expect(await readHandMade([[inCharset(name), 'a']])).toEqual({
    status: 415,
    code: 'unsupported_media_type',
    detail: `"prompt" is in the charset "${name}", which is not known: send UTF-8`,
    pointer: '/prompt',
  })
})

it('bytes that are not of the charset that they declare are refused', async () => {
  expect((await readHandMade([[inCharset('gbk'), Buffer.from([0xff])]])).detail).toMatch(/^"prompt" is not valid GBK: /)
})

it('names are UTF-8', async () => {
  expect(await readHandMade([[named('name="größe"'), '5']])).toEqual({ größe: '5' })
  const head = Buffer.from(named('name="gr\u00f6\u00dfe"'), 'latin1')
  expect(await readHandMade([[head, '5']])).toMatchObject({ status: 400, code: 'invalid_multipart' })
})
