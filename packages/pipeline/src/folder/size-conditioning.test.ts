import { expect, test } from 'vitest'
import { sizeConditionings, sizeCount, sizeNumbers } from './size-conditioning.ts'

const picture = { width: 640, height: 512 }

test('a UNet is told height before width, that nothing is cropped, and the target size or an aesthetic score', () => {
  expect(sizeNumbers(sizeConditionings.target, picture, 6)).toEqual([512, 640, 0, 0, 512, 640])
  expect(sizeNumbers(sizeConditionings.aesthetic, picture, 2.5)).toEqual([512, 640, 0, 0, 2.5])
})

test('the two are told apart by how many numbers they are', () => {
  expect([sizeCount(sizeConditionings.target), sizeCount(sizeConditionings.aesthetic)]).toEqual([6, 5])
})
