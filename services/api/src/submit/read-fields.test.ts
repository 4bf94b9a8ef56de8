import { expect, test } from 'vitest'
import { kinds } from './kinds.ts'
import { fieldsReader } from './read-fields.ts'

const image = new Uint8Array([1])

const forms: Record<string, Record<string, unknown>> = {
  'the fewest fields': { prompt: '' },
  'text as a form has it': { prompt: 'a', steps: '20', strength: '0.5', seed: '-1', color_correction: 'True', image },
  'values as JSON has them': { prompt: 'a', steps: 20, color_correction: true, metadata: { a: [1] } },
  'null where a field has no effect': { prompt: 'a', variation_seed: 'null', control_model: 'null' },
  'LoRAs, and what they leave open': { prompt: 'a', loras: '[{"name":"x"},{"name":"y","weight":2}]' },
  'nothing at all': {},
  'no prompt': { steps: '20' },
  'values that are wrong': { prompt: 'a', steps: '0', strength: 'x', image: 'text' },
  'names that are wrong': { prompt: 'a', stpes: '20', toString: '1' },
  'what is a name of every object': JSON.parse('{"prompt": "a", "__proto__": "x"}'),
}

for (const [kind, { form }] of Object.entries(kinds))
  test.each(Object.entries(forms))(`${kind}: reads as the whole schema does: %s`, (_, sent) => {
    const whole = form.safeParse(sent)
    const read = fieldsReader(form as Parameters<typeof fieldsReader>[0])(sent)
    expect(read.success).toBe(whole.success)
    expect(read.data).toEqual(whole.data)
    expect(read.error?.issues).toEqual(whole.error?.issues)
  })

test('what is omitted cannot be changed for those who come after', () => {
  const read = fieldsReader(kinds.img2img.form as Parameters<typeof fieldsReader>[0])({ prompt: '' })
  const { loras } = read.data as { loras: unknown[] }
  expect(loras).toEqual([])
  expect(() => loras.push(1)).toThrow(TypeError)
})
