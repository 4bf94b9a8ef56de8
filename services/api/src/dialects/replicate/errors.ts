import type { ErrorStyle } from '../../http/error-style.ts'

/** Replicate's errors are problem documents, too: `title`, `detail`, `status`, `instance`. */
export const replicateErrors: ErrorStyle = {
  owns: (path) => /^\/replicate(\/|$)/.test(path),
  answer(document) {
    const status = document.status === 0 ? 500 : document.status
    const fields = (document.errors ?? []).map(
      ({ pointer, detail }) => `input${pointer.replaceAll('/', '.')}: ${detail}`,
    )
    const detail = fields.length > 0 ? fields.join('; ') : (document.detail ?? document.title)
    return { status, body: { ...document, status, detail, invalid_fields: document.errors } }
  },
}
