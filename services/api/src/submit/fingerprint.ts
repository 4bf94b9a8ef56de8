import { createHash } from 'node:crypto'
import type { JobKind } from '@pentimento/contracts'
import { UploadedFile } from '../http/multipart.ts'

/** Tells whether two requests are the same: the kind, every field as it was sent and the files' contents, in no order. */
export function fingerprint(kind: JobKind, form: Readonly<Record<string, unknown>>): string {
  const parts = Object.keys(form)
    .sort()
    .map((name) => {
      const value = form[name]
      return [name, value instanceof UploadedFile ? { sha256: value.sha256() } : value]
    })
  return createHash('sha256')
    .update(JSON.stringify([kind, parts]))
    .digest('hex')
}
