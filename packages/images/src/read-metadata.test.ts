import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readMetadata } from './read-metadata.ts'

/** How each format begins, and as much of its first parts as leads on into the rest. */
const beginnings = [
  '',
  '89504e470d0a1a0a',
  '89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55',
  '89504e470d0a1a0a0000001474455874',
  '89504e470d0a1a0a000000146954587470617261',
  'ffd8ff',
  'ffd8ffe1002045786966000049492a00080000000100',
  '52494646200000005745425056503858',
  '52494646200000005745425045584946',
]

it('finds nothing in what is no picture or a broken one, and never throws', async () => {
  const bytes = fc.tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 60 }))
  await fc.assert(
    fc.asyncProperty(bytes, async ([beginning, rest]) => {
      const found = await readMetadata(Buffer.concat([Buffer.from(beginning, 'hex'), rest]))
      if (beginning === '') expect(found).toBeNull()
    }),
    { numRuns: 400, examples: [[['', new Uint8Array()]], [['', Uint8Array.of(253)]]] },
  )
})
