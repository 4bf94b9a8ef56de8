import { type CamelCased, camelCased } from './camel-case.ts'
import type { LoraUse } from './loras.ts'
import type { SamplerName } from './samplers.ts'
import type { ScheduleName } from './schedules.ts'

interface Common<Value> {
  /** What it does, for people. */
  text?: string
  /** What an omitted field means. */
  default?: Value
  /** What an omitted field usually means, where the model or other fields decide. */
  usual?: Value
  /** Neither of them: it must be sent. */
  required?: true
  /** Null among the parameters of a job where it has no effect. */
  nullable?: true
}

interface NumberField extends Common<number> {
  type: 'integer' | 'number'
  min: number
  max: number
  /** What it must be a multiple of. */
  multiple?: number
}

interface ChoiceField extends Common<string> {
  type: 'choice'
  values: readonly [string, ...string[]]
}

interface FlagField extends Common<boolean> {
  type: 'flag'
}

/** What a file is called. */
interface NameField extends Common<string> {
  type: 'name'
}

/** Words for the model. */
interface PromptField extends Common<string> {
  type: 'prompt'
}

/** A name that has several spellings. */
interface SpelledField extends Common<string> {
  type: 'sampler' | 'schedule'
}

/** LoRAs, each with its weights. */
interface LorasField extends Common<readonly LoraUse[]> {
  type: 'loras'
  most: number
  heaviest: number
}

/** A field of a request, as the form, the job, the pipeline, the command line and the playground know it alike. */
export type Field = NumberField | ChoiceField | FlagField | NameField | PromptField | SpelledField | LorasField

/** Fields by their names on the wire. */
export type Fields = Record<string, Field>

interface ValueTypes {
  integer: number
  number: number
  flag: boolean
  name: string
  prompt: string
  sampler: SamplerName
  schedule: ScheduleName
  loras: LoraUse[]
}

/** What a field that was sent may hold, read and with its spelling resolved. */
export type SentValue<F extends Field> = F extends { values: readonly (infer Value)[] }
  ? Value
  : ValueTypes[Exclude<F['type'], 'choice'>]

/** The effective values of a job. */
export type Values<T extends Fields> = {
  -readonly [K in keyof T]: SentValue<T[K]> | (T[K] extends { nullable: true } ? null : never)
}

/** Effective values under the names that code gives them. */
export type Settings<T extends Fields> = CamelCased<Values<T>>

/** The values of some fields, taken from an object that may hold more. */
export function settingsOf<T extends Fields>(fields: T, values: Values<T>): Settings<T> {
  const own = Object.keys(fields).map((name) => [name, values[name]])
  return camelCased(Object.fromEntries(own) as Values<T>)
}

/** What omitted fields come to, or usually come to; without those that have nothing of the kind. */
export function usualValues<T extends Fields>(fields: T): UsualValues<T> {
  const usual = Object.entries(fields).map(([name, field]) => [name, field.default ?? field.usual])
  return Object.fromEntries(usual.filter(([, value]) => value !== undefined)) as UsualValues<T>
}

type UsualValues<T extends Fields> = {
  -readonly [K in keyof T as T[K] extends { default: unknown } | { usual: unknown } ? K : never]: SentValue<T[K]>
}
