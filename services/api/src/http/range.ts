import type { IncomingHttpHeaders } from 'node:http'
import type { ByteRange } from '@pentimento/storage'

/** RFC 9110, section 13.1.2: weak comparison of If-None-Match with a strong tag. */
export function isUnchanged(headers: IncomingHttpHeaders, etag: string): boolean {
  const given = headers['if-none-match']
  if (given === undefined) return false
  return given.trim() === '*' || given.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

/**
 * The single range of `size` bytes that a request asks for, or undefined for the whole: without a Range, when If-Range
 * names another version, and for lists of ranges and whatever else a server may ignore (RFC 9110, section 14.2).
 */
export function byteRange(headers: IncomingHttpHeaders, etag: string, size: number): ByteRange | undefined {
  const ifRange = headers['if-range']
  if (ifRange !== undefined && ifRange !== etag) return undefined
  const [match, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  if (match === undefined || (first === '' && last === '')) return undefined
  if (first === '') return Number(last) === 0 ? undefined : { start: Math.max(0, size - Number(last)) }
  if (last === '') return { start: Number(first) }
  // An end before the start makes the header invalid, and an invalid header is ignored.
  return Number(last) < Number(first) ? undefined : { start: Number(first), end: Number(last) }
}
