import type { JobRequest, Txt2imgFields } from '@pentimento/contracts'
import type { z } from 'zod'
import type { Caller } from '../http/auth.ts'
import type { Form } from '../http/multipart.ts'
import { formProblem } from '../http/to-problem.ts'
import type { ControlFields } from './control-images.ts'
import type { KnownModel } from './find-model.ts'
import type { Holder } from './holder.ts'
import type { InputFile } from './input-file.ts'
import { meantField } from './meant-field.ts'
import { fieldsReader } from './read-fields.ts'
import type { ReferenceFields } from './reference-image.ts'
import type { SourceFields, SourceImage } from './source-image.ts'

/** What one kind of job has of its own when it is submitted. */
export interface Kind {
  /** Names of the file fields. */
  files: readonly string[]
  /** Of all its fields, files among them. */
  fieldNames: readonly string[]
  /** Fields and files under one object, as the OpenAPI document shows them. */
  form: z.ZodType<CommonFields>
  /** What was sent, checked field by field. @throws HttpProblem `invalid_fields` with all that is wrong */
  parse(form: Form): ParsedForm
}

export type CommonFields = Txt2imgFields

interface ParsedForm {
  fields: CommonFields
  /** Every effective value, and all files of the job. @throws HttpProblem */
  read(context: KindContext): Promise<KindRequest>
}

export interface KindContext {
  model: KnownModel
  caller: Caller
  holder: Holder
  /** The picture that the fields name. @throws HttpProblem */
  source(fields: SourceFields): Promise<SourceImage>
  /** The one that the painted pictures shall resemble, if they name one. @throws HttpProblem */
  reference(fields: ReferenceFields): Promise<InputFile[]>
  /** The pictures that the job is held to. @throws HttpProblem */
  controls(fields: ControlFields, parameters: JobRequest['parameters'], paintsOver: boolean): Promise<InputFile[]>
}

interface KindRequest {
  parameters: JobRequest['parameters']
  inputs: readonly InputFile[]
}

interface KindParts<Fields extends CommonFields> {
  files: readonly string[]
  form: z.ZodType<Fields> & { shape: object }
  read(fields: Fields, context: KindContext): Promise<KindRequest>
}

export function defineKind<Fields extends CommonFields>({ files, form, read }: KindParts<Fields>): Kind {
  const fieldNames = Object.keys(form.shape)
  const readFields = fieldsReader(form)
  return {
    files,
    fieldNames,
    form,
    parse(sent) {
      const values = { ...sent.fields, ...Object.fromEntries(sent.files.map(({ name, bytes }) => [name, bytes])) }
      const parsed = readFields(values)
      if (!parsed.success) throw formProblem(parsed.error, (name) => meantField(name, fieldNames))
      const fields = parsed.data
      return { fields, read: (context) => read(fields, context) }
    },
  }
}
