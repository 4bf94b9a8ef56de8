import { expect, it } from 'vitest'
import { requestId } from './request-id.ts'

const idOf = (given: string) => requestId({ headers: { 'x-request-id': given } } as never)

it.each([
  'abc-1',
  '0b0e8c5e-6f57-4a63-9f0c-0d6b3f0c7f31',
  '01J8Z3N5Q4R6T7V8W9X0YABCDE',
  '1-67891233-abcdef012345678912345678',
])('%s is kept', (given) => {
  expect(idOf(given)).toBe(given)
})

it.each([
  `pmt_abcdefgh2345_${'k'.repeat(43)}`,
  'pmt_abcdefgh2345_kkkk',
  `whsec_${'k'.repeat(43)}=`,
  'k'.repeat(37),
  'a/b',
  'a%5Fb',
  'a b',
  'ä',
  '',
])('%j makes way for a new one', (given) => {
  expect(idOf(given)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})
