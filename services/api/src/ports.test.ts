import { readFileSync } from 'node:fs'
import { img2imgFields } from '@pentimento/contracts'
import { portsOf } from '@pentimento/outbound'
import { expect, it } from 'vitest'

const numbers = (text = '') => (text.match(/\b\d+\b/g) ?? []).map(Number)

it('the fields of URLs and the docs tell the ports that are dialled', () => {
  const { image_url, webhook_url } = img2imgFields.shape
  expect(numbers(image_url.description)).toEqual([...portsOf.https, ...portsOf.http])
  expect(numbers(webhook_url.description)).toEqual(portsOf.https)
  const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')
  const ports = /go to ports (.*?),? and to public addresses/s.exec(page)?.[1]
  expect(numbers(ports)).toEqual([...portsOf.https, ...portsOf.http])
})
