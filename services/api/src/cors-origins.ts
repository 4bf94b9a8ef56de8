import { z } from 'zod'

/** `CORS_ORIGINS`: origins between commas, kept as browsers send them. */
export const corsOrigins = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const origin = originOf(entry)
      if (origin === null) context.addIssue(`"${withoutUser(entry)}" ${whyNone(entry)}`)
      return origin ?? ''
    })
})

/**
 * In lower case, without the port that goes without saying; a slash at the end is forgiven. Null for what is no origin
 * of a page.
 */
function originOf(entry: string): string | null {
  const url = URL.parse(entry)
  if (url === null || !/^https?:$/.test(url.protocol) || /[*?#@]/.test(entry)) return null
  return url.pathname === '/' ? url.origin : null
}

function whyNone(entry: string): string {
  if (entry.includes('*')) return 'would let any page in: list every origin, such as https://app.example.com'
  if (entry === 'null')
    return 'is the origin of every file and every sandboxed frame: list origins such as https://app.example.com'
  return 'is no origin: write scheme, host and, if it is not the usual one, port, as in https://app.example.com'
}

function withoutUser(entry: string): string {
  return entry.replace(/\/\/.*@/, '//…@')
}
