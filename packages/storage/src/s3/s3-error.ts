import { textOf } from './list-page.ts'

/** An answer of the S3 service that is none of those a call expects. */
export class S3Error extends Error {
  readonly status: number
  readonly s3Code: string

  constructor(status: number, s3Code: string) {
    super(`${status} ${s3Code}`.trim())
    this.name = 'S3Error'
    this.status = status
    this.s3Code = s3Code
  }
}

/** The error that an answer stands for; reads its body, which is short. */
export async function s3ErrorOf(response: Response): Promise<S3Error> {
  return new S3Error(response.status, textOf(await response.text(), 'Code') ?? '')
}

const TRANSIENT_STATUSES = [408, 429]
const TRANSIENT_CODES = ['ConditionalRequestConflict', 'RequestTimeout']

/** Worth another try: no answer at all, a body cut off, an overloaded service, or two conditional writes at once. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof S3Error)) return true
  return error.status >= 500 || TRANSIENT_STATUSES.includes(error.status) || TRANSIENT_CODES.includes(error.s3Code)
}
