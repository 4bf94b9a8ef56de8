const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** Where the objects of one bucket lie. */
interface Address {
  /** URL of the bucket itself, for lists. */
  bucket: URL
  /** URL of a full key; keys need no escaping, by the rules of `assertKey`. */
  object(key: string): URL
}

/** Throws a `TypeError` for a bucket name or an endpoint that cannot be used. */
export function bucketAddress(endpoint: string, bucket: string, addressing: 'path' | 'virtual'): Address {
  assertBucket(bucket)
  const base = new URL(parseOrigin(endpoint))
  if (addressing === 'virtual') base.hostname = `${bucket}.${base.hostname}`
  else base.pathname = `/${bucket}`
  return {
    bucket: base,
    object(key) {
      const url = new URL(base)
      url.pathname = `${base.pathname.replace(/\/$/, '')}/${key}`
      return url
    },
  }
}

/** Throws a `TypeError` for what cannot be the name of a bucket. */
export function assertBucket(bucket: string): void {
  if (!BUCKET.test(bucket)) throw new TypeError(`not a bucket name: ${JSON.stringify(bucket)}`)
}

/** The origin of an endpoint; throws a `TypeError` for what has a path or a user, or is none. */
export function parseOrigin(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new TypeError(`not an S3 endpoint: ${JSON.stringify(endpoint)} must be like https://host or http://host:port`)
  }
  return url.origin
}
