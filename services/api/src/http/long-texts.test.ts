import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPictureText } from '../dialects/picture-text.ts'
import { longText, setAside } from './long-texts.ts'
import { parseJsonForm, parseUrlencodedForm } from './text-form.ts'
import { createUploadBudget } from './upload-budget.ts'

const budget = createUploadBudget(1e9)
const open = () => budget.open('a', new AbortController().signal)
const read = (text: string) => parseJsonForm(Buffer.from(text), 'application/json', ['image'], open())

/** As other languages write the digits of base64 into JSON: Python and JavaScript, PHP, .NET, Java, and MIME's lines. */
const spellings: readonly ((json: string) => string)[] = [
  (json) => json,
  (json) => json.replaceAll('/', '\\/'),
  (json) => json.replaceAll('+', '\\u002B'),
  (json) => json.replaceAll('=', '\\u003d'),
  (json) => json.replace(/.{76}/g, '$&\\r\\n'),
  (json) => `data:image\\/png;base64,${json}`,
]

/** Around the ends of the pieces that are read at a time. */
const length = fc.oneof(fc.integer({ min: 48_000, max: 60_000 }), fc.integer({ min: 73_700, max: 73_760 }))

it('reads a long picture out of JSON byte by byte, however its digits are written', async () => {
  await fc.assert(
    fc.asyncProperty(length, fc.nat(spellings.length - 1), fc.nat(9), async (size, spelling, shift) => {
      const bytes = randomBytes(size)
      const text = spellings[spelling]?.(`${' '.repeat(spelling === 5 ? 0 : shift)}${bytes.toString('base64')}`)
      const { files, fields } = await read(`{"prompt":"é\\"","image":"${text}","steps":3}`)
      expect(bytes.equals(files[0]?.bytes ?? Buffer.alloc(0))).toBe(true)
      expect({ ...fields }).toEqual({ prompt: 'é"', steps: 3 })
    }),
    { numRuns: 30 },
  )
})

it('reads a long picture of an urlencoded form', async () => {
  const bytes = randomBytes(300_000)
  for (const image of [bytes.toString('base64'), `data:image/png;base64,${bytes.toString('base64')}`]) {
    const body = Buffer.from(new URLSearchParams({ prompt: 'a', image }).toString())
    const { files } = await parseUrlencodedForm(body, ['image'])
    expect(bytes.equals(files[0]?.bytes ?? Buffer.alloc(0))).toBe(true)
  }
})

it('refuses a long picture that is no base64 where one digit is none', async () => {
  const digits = 'A'.repeat(400_000)
  for (const wrong of ['*', '\\u0141', 'é', '\\"', '\\n*', '='])
    for (const at of [0, 49_151, 65_540, 98_304, 399_999]) {
      const image = `${digits.slice(0, at)}${wrong}${digits.slice(at + 4)}A`
      await expect(read(`{"image":"${image}"}`)).rejects.toMatchObject({ code: 'invalid_fields' })
    }
})

it('leaves a long text that is no picture as long as any field finds it', async () => {
  for (const unit of ['x', 'é', '猫', '\\"', '\\ud83c\\udf53', '\\\\']) {
    const { fields } = await read(`{"prompt":"${unit.repeat(70_000)}"}`)
    expect(String(fields.prompt).length).toBeGreaterThan(30_000)
  }
})

it('leaves names, short texts and broken JSON as they are', () => {
  const long = 'n'.repeat(100_000)
  for (const text of [`{"${long}" : 1}`, '{"a":"b","c":["d"]}', 'no JSON "', ''])
    expect(setAside(Buffer.from(text), open()).toString()).toBe(text)
  expect(() => JSON.parse(setAside(Buffer.from(`{"a":"${long}`), open()).toString())).toThrow(SyntaxError)
})

it('finds each among several, in lists too, and none of another request', async () => {
  const upload = open()
  const pictures = [randomBytes(60_000), randomBytes(70_000), randomBytes(10)]
  const body = JSON.stringify({ init_images: pictures.map((one) => `data:;base64,${one.toString('base64')}`) })
  const { init_images }: { init_images: string[] } = JSON.parse(setAside(Buffer.from(body), upload).toString())
  expect(init_images.map((text) => longText(text, open()))).toEqual([null, null, null])
  for (const [i, text] of init_images.entries())
    expect(await readPictureText(text.trim(), upload)).toMatchObject({ bytes: pictures[i] })
})
