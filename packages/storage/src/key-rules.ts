const MAX_KEY_LENGTH = 512
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  json: 'application/json',
  txt: 'text/plain',
  bin: 'application/octet-stream',
}

/** The content type that a key's extension stands for; an unknown extension is plain bytes. */
export function contentTypeOf(key: string): string {
  return CONTENT_TYPES[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}

/**
 * Whether `key` is safe as a path below a root and as an S3 key: segments of letters, digits, dots, dashes and
 * underscores that do not begin with a dot.
 */
export function isKey(key: string): boolean {
  return key.length <= MAX_KEY_LENGTH && key.split('/').every((segment) => SEGMENT.test(segment))
}

/** Throws unless `isKey`. */
export function assertKey(key: string): void {
  if (!isKey(key)) throw new TypeError(`not an object key: ${JSON.stringify(key)}`)
}

/** Throws unless `prefix` is empty or a key followed by a slash, so that `tenants/a` never covers `tenants/ab`. */
export function assertPrefix(prefix: string): void {
  if (prefix === '') return
  if (!prefix.endsWith('/')) throw new TypeError(`not a prefix, it must end in a slash: ${JSON.stringify(prefix)}`)
  assertKey(prefix.slice(0, -1))
}

/** Throws unless `contentType` is what the key's extension says: stores keep no type beside the key. */
export function assertContentType(key: string, contentType: string): void {
  if (contentTypeOf(key) !== contentType) {
    throw new TypeError(`${key} cannot hold ${contentType}: its extension stands for ${contentTypeOf(key)}`)
  }
}
