import fc from 'fast-check'
import { expect, it } from 'vitest'
import { integerField, lengthField } from './protobuf.ts'

/** Reads one field of a number as the format's page describes it: seven bits a byte, the lowest first. */
function readVarint(bytes: Uint8Array): { value: bigint; rest: Uint8Array } {
  const last = bytes.findIndex((byte) => byte < 128)
  const groups = [...bytes.subarray(0, last + 1)].map((byte) => BigInt(byte & 127))
  return { value: groups.reduceRight((sum, group) => sum * 128n + group, 0n), rest: bytes.subarray(last + 1) }
}

it('writes whole numbers of 64 bits, those below 0 in two’s complement', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.maxSafeInteger(), (number, value) => {
      const tag = readVarint(integerField(number, value))
      const read = readVarint(tag.rest)
      expect([tag.value, BigInt.asIntN(64, read.value), read.rest.length]).toEqual([
        BigInt(number * 8),
        BigInt(value),
        0,
      ])
    }),
  )
})

it('writes text and messages with their length in bytes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.string({ unit: 'binary', maxLength: 300 }), (number, text) => {
      const utf8 = new TextEncoder().encode(text)
      const tag = readVarint(lengthField(number, text))
      const length = readVarint(tag.rest)
      expect([tag.value, length.value]).toEqual([BigInt(number * 8 + 2), BigInt(utf8.length)])
      expect([...length.rest]).toEqual([...utf8])
      expect(lengthField(number, utf8)).toEqual(lengthField(number, text))
      expect(lengthField(number, [utf8.subarray(0, 3), utf8.subarray(3)])).toEqual(lengthField(number, text))
    }),
    { numRuns: 30 },
  )
})
