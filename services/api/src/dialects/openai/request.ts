import { limits, numberField } from '@pentimento/contracts'
import { z } from 'zod'
import { fieldProblem } from '../../http/problem.ts'
import { formProblem } from '../../http/to-problem.ts'
import { parseSize } from '../fit-size.ts'

/** Clients send an empty text, or null, for what they do not ask for. */
const given = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), schema)
const flag = z.preprocess((value) => (typeof value === 'string' ? /^(true|1)$/i.test(value) : value), z.boolean())

const size = z
  .string()
  .refine((text) => text === 'auto' || parseSize(text) !== null, 'must be "auto" or as 1024x1024')
  .transform(parseSize)

/** What OpenAI's image routes take; what is not named here is one of our own names, or means nothing. */
export const openaiFields = z.looseObject({
  prompt: given(z.string().default('')),
  model: given(z.string().max(100).optional()),
  n: given(numberField(z.int().min(1).max(10)).default(1)),
  size: given(size.optional()).describe('"auto" (what is sent, or the model\'s own size) or as 1024x1024'),
  quality: given(z.string().optional()).describe('low and high take half the steps, and half as many again'),
  input_fidelity: given(z.string().optional()).describe('high keeps nearer to the picture'),
  response_format: given(z.enum(['b64_json', 'url']).default('b64_json')),
  output_format: given(
    z.preprocess((name) => (name === 'jpg' ? 'jpeg' : name), z.enum(['png', 'jpeg', 'webp'])).default('png'),
  ),
  output_compression: given(numberField(z.int().min(0).max(100)).default(100)),
  background: given(z.string().optional()),
  stream: given(flag.default(false)),
  partial_images: given(numberField(z.int().min(0).max(3)).default(0)),
})
export type OpenaiFields = z.infer<typeof openaiFields>

/** @throws HttpProblem with all that is wrong */
export function parseFields(sent: Record<string, unknown>): OpenaiFields {
  const parsed = openaiFields.safeParse(sent)
  if (!parsed.success) throw formProblem(parsed.error)
  const { background, markup } = parsed.data
  if (background === 'transparent')
    throw fieldProblem('not_supported', 'background', 'pictures have no transparency here')
  if (markup !== undefined && markup !== null && markup !== '')
    throw fieldProblem('not_supported', 'markup', 'is not known here: send a mask')
  return parsed.data
}

/** Images of one job. */
export const mostOfJob = limits.imagesMax
