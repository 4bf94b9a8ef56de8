import type { Img2imgForm, InpaintForm, Txt2imgForm } from './types.ts'

/** A picture: a file of a browser, or bytes. */
export type Picture = Blob | Uint8Array

type Files = 'image' | 'mask'
type Typed<Form> = { [Name in keyof Omit<Form, Files | 'metadata' | 'webhook_events'>]?: Form[Name] | undefined } & {
  [Name in keyof Form as Name extends Files ? Name : never]?: Picture | undefined
} & {
  prompt: string
  metadata?: Record<string, unknown> | undefined
  webhook_events?: readonly string[] | string | undefined
}

export type Txt2imgRequest = Typed<Txt2imgForm>
export type Img2imgRequest = Typed<Img2imgForm>
export type InpaintRequest = Typed<InpaintForm>

export interface SubmitOptions {
  /** A repeat under the same key within a day is the same job. */
  idempotencyKey?: string
  /** Seconds to wait for the end of the job, at most 60 (0). */
  wait?: number
  signal?: AbortSignal
}

/** The form of a request; what is undefined is left out. */
export function formOf(request: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined || value === null) continue
    if (value instanceof Blob) form.append(name, value, name)
    else if (value instanceof Uint8Array) form.append(name, new Blob([Uint8Array.from(value)]), name)
    else if (Array.isArray(value) && value.every((one) => typeof one === 'string')) form.append(name, value.join(','))
    else form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return form
}
