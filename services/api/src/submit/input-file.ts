import type { InputRole, JobInput } from '@pentimento/contracts'
import type { ImageFormat } from '@pentimento/images'

/** A picture that has been decoded to the last pixel, and that a job will work on. */
export interface InputFile {
  /** Of the form field; unique within the job. */
  name: string
  role: InputRole
  bytes: Uint8Array
  format: ImageFormat
  /** As shown, in pixels. */
  width: number
  height: number
}

/** What the job's record keeps of it. */
export function toJobInput({ name, role, bytes, format, width, height }: InputFile): JobInput {
  return { name, role, key: `${name}.${format}`, bytes: bytes.length, width, height }
}
