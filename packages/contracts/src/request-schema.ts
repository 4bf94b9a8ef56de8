import {
  type Field,
  type Fields,
  resolveSampler,
  resolveSchedule,
  type SentValue,
  samplerNames,
  scheduleNames,
  type Values,
} from '@pentimento/vocabulary'
import { z } from 'zod'
import { absentIfNull, booleanField, jsonField, numberField } from './form.ts'
import { limits } from './limits.ts'
import { utf8Bytes } from './utf8.ts'

/** As the form has it: a sampler and a schedule in any of their spellings. */
type FormValue<F extends Field> = F['type'] extends 'sampler' | 'schedule' ? string : SentValue<F>

type FormSchema<F extends Field> = F extends { default: unknown }
  ? z.ZodDefault<z.ZodType<FormValue<F>>>
  : F extends { required: true }
    ? z.ZodType<FormValue<F>>
    : z.ZodOptional<z.ZodType<FormValue<F>>>

type FormShape<T extends Fields> = { -readonly [K in keyof T]: FormSchema<T[K]> }
type ParameterShape<T extends Fields> = { [K in keyof Values<T>]: z.ZodType<Values<T>[K]> }

/** The schemas of form fields: text in, values within their ranges out. */
export function formShape<T extends Fields>(fields: T): FormShape<T> {
  return mapFields(fields, formSchema) as FormShape<T>
}

/** The schemas of the fields' effective values among the parameters of a job. */
export function parameterShape<T extends Fields>(fields: T): ParameterShape<T> {
  return mapFields(fields, (field) => (field.nullable ? ofType(field).nullable() : ofType(field))) as ParameterShape<T>
}

function mapFields(fields: Fields, schemaOf: (field: Field) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]))
}

function formSchema(field: Field): z.ZodType {
  const sent = sentSchema(field)
  const schema =
    field.default === undefined ? (field.required ? sent : sent.optional()) : z._default(sent, field.default)
  const sendable = field.nullable ? absentIfNull(schema) : schema
  return field.text === undefined ? sendable : sendable.describe(field.text)
}

function sentSchema(field: Field): z.ZodType {
  switch (field.type) {
    case 'integer':
    case 'number': {
      const number = field.type === 'integer' ? z.int() : z.number()
      const within = number.min(field.min).max(field.max)
      return numberField(field.multiple === undefined ? within : within.multipleOf(field.multiple))
    }
    case 'flag':
      return booleanField(z.boolean())
    case 'choice':
      return z.enum(field.values)
    case 'name':
      return z.string().min(1).max(200)
    case 'prompt':
      return prompt
    case 'sampler':
      return sampler
    case 'schedule':
      return schedule
    case 'loras':
      return jsonField(sentLoras(field.most, field.heaviest), 3)
  }
}

const lora = z.object({ name: z.string(), weight: z.number(), text_weight: z.number() }).meta({ id: 'Lora' })

function ofType(field: Field): z.ZodType {
  switch (field.type) {
    case 'integer':
      return z.int()
    case 'number':
      return z.number()
    case 'flag':
      return z.boolean()
    case 'choice':
      return z.enum(field.values)
    case 'name':
    case 'prompt':
      return z.string()
    case 'sampler':
      return z.enum(samplerNames)
    case 'schedule':
      return z.enum(scheduleNames)
    case 'loras':
      return z.array(lora)
  }
}

function sentLoras(most: number, heaviest: number): z.ZodType {
  const weight = z.number().min(-heaviest).max(heaviest)
  const sent = z
    .strictObject({ name: z.string().min(1).max(200), weight: weight.default(1), text_weight: weight.optional() })
    .transform(({ name, weight, text_weight = weight }) => ({ name, weight, text_weight }))
  return z.array(sent).max(most)
}

const prompt = z
  .string()
  .max(limits.promptCharacters)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
  .refine((text) => utf8Bytes(text) <= limits.promptBytes, `must be at most ${limits.promptBytes} bytes of UTF-8`)

const spellings = { type: 'string', description: 'or as AUTOMATIC1111 or diffusers spell it' } as const

const sampler = z
  .string()
  .meta({ anyOf: [{ type: 'string', enum: [...samplerNames] }, spellings] })
  .refine((name) => resolveSampler(name) !== undefined, {
    error: `unknown sampler; valid names: ${samplerNames.join(', ')} (AUTOMATIC1111 and diffusers spellings are understood too)`,
  })

const schedule = z
  .string()
  .meta({ anyOf: [{ type: 'string', enum: [...scheduleNames] }, spellings] })
  .refine((name) => resolveSchedule(name) !== undefined, {
    error: `unknown schedule; valid names: ${scheduleNames.join(', ')}`,
  })
