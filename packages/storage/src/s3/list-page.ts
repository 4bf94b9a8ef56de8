/** One object of a ListObjectsV2 answer. */
interface ListedObject {
  key: string
  size: number
  etag: string
  modifiedAt: Date
}

interface ListPage {
  objects: ListedObject[]
  /** Where the next page begins; null on the last one. */
  next: string | null
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads the few elements we need of a ListObjectsV2 answer (Amazon S3 API reference). Throws when it is not one. */
export function parseListPage(xml: string): ListPage {
  if (!xml.includes('<ListBucketResult')) throw new Error('the answer is no list of objects')
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, item = '']) => ({
    key: textOf(item, 'Key') ?? '',
    size: Number(textOf(item, 'Size')),
    etag: textOf(item, 'ETag') ?? '""',
    modifiedAt: new Date(textOf(item, 'LastModified') ?? Number.NaN),
  }))
  const truncated = textOf(xml, 'IsTruncated') === 'true'
  const next = truncated ? textOf(xml, 'NextContinuationToken') : null
  if (truncated && next === null) throw new Error('the list is cut and says not where it goes on')
  return { objects, next }
}

/** The text of the first element of that name, or null. */
export function textOf(xml: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return found === undefined ? null : decodeEntities(found)
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
  })
}
