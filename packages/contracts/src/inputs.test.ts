import { expect, test } from 'vitest'
import { fromEarlierVersion } from './inputs.ts'

test('a request of version 1 has its files as a list, and the rest as it was', () => {
  const rest = { kind: 'inpaint', tenant: 'default', metadata: { version: 1 } }
  const earlier = { ...rest, version: 1, inputs: { image: 'image.webp', mask: 'mask.png' } }
  const unknownSize = { bytes: 0, width: 0, height: 0 }
  const image = { name: 'image', role: 'source', key: 'image.webp', ...unknownSize }
  const mask = { name: 'mask', role: 'mask', key: 'mask.png', ...unknownSize }
  expect(fromEarlierVersion(earlier)).toEqual({ ...rest, version: 3, inputs: [image, mask] })
  const maskless = { ...earlier, inputs: { image: 'image.webp', mask: null } }
  expect(fromEarlierVersion(maskless)).toEqual({ ...rest, version: 3, inputs: [image] })
})

test('a request of version 2 is one of version 3', () => {
  const request = { kind: 'img2img', inputs: [] }
  expect(fromEarlierVersion({ ...request, version: 2 })).toEqual({ ...request, version: 3 })
})

test('what is of no version that is known stays as it is, to be refused', () => {
  for (const request of [null, 'x', {}, { version: 3, inputs: [] }, { version: 4 }, { version: 1, inputs: 5 }]) {
    expect(fromEarlierVersion(request)).toBe(request)
  }
})
