import type { Upload } from '../http/upload-budget.ts'

/** For whom a picture is taken in. */
export interface Holder {
  tenant: string
  /** What its bytes count against. */
  upload: Upload
  /** Aborts when the client has left. */
  gone: AbortSignal
}
