/** A place in a list of jobs: the last job of the page, by time of creation (epoch ms) and id. */
interface Cursor {
  at: string
  id: string
}

/** The cursor of a request is not one that this service gave. */
export class InvalidCursor extends Error {
  constructor() {
    super('the cursor is not valid: use next_cursor of an earlier page')
    this.name = 'InvalidCursor'
  }
}

export function encodeCursor({ at, id }: Cursor): string {
  return Buffer.from(`${at}.${id}`).toString('base64url')
}

/** Throws `InvalidCursor`. */
export function decodeCursor(text: string): Cursor {
  const match = /^(\d{1,15})\.(job_[a-z2-7]{26})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match?.[1] || !match[2]) throw new InvalidCursor()
  return { at: match[1], id: match[2] }
}
