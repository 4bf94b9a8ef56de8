import { assertPrefix, contentTypeOf, isKey } from '../key-rules.ts'
import type { ObjectInfo } from '../object-store.ts'
import type { Bucket } from './bucket.ts'
import { parseListPage } from './list-page.ts'
import { retrying } from './retry.ts'
import { s3ErrorOf } from './s3-error.ts'

/** The objects whose keys begin so, in the order of their keys. */
export async function* listObjects(
  { limits, prefix, send, url: bucketUrl }: Bucket,
  below: string,
): AsyncGenerator<ObjectInfo> {
  assertPrefix(below)
  for (let token: string | null = ''; token !== null; ) {
    const url = new URL(bucketUrl)
    url.searchParams.set('list-type', '2')
    if (prefix + below !== '') url.searchParams.set('prefix', prefix + below)
    if (token !== '') url.searchParams.set('continuation-token', token)
    const page = await retrying(`list ${below}`, limits, async (signal) => {
      const response = await send({ method: 'GET', url }, signal)
      if (response.status !== 200) throw await s3ErrorOf(response)
      return parseListPage(await response.text())
    })
    for (const { key: fullKey, ...info } of page.objects) {
      const key = fullKey.slice(prefix.length)
      // A bucket may also hold what consoles and other programs put there.
      if (isKey(key)) yield { key, ...info, contentType: contentTypeOf(key) }
    }
    token = page.next
  }
}
