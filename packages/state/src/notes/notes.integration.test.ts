import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'
import { openTestState } from '../testing/state.ts'

it('keeps a note for its tenant alone, until its time is over or it is erased', async () => {
  const state = await openTestState(inject('redisUrl'))
  const { notes } = state
  await notes.write('a', 'options', 'é', 60_000)
  await notes.write('a', 'soon', 'x', 20)
  expect([await notes.read('a', 'options'), await notes.read('b', 'options')]).toEqual(['é', null])
  await sleep(40)
  expect(await notes.read('a', 'soon')).toBeNull()
  await notes.write('a', 'options', 'later', 60_000)
  expect(await notes.read('a', 'options')).toBe('later')
  await notes.erase('a', 'options')
  expect(await notes.read('a', 'options')).toBeNull()
  await expect(notes.write('a', 'options', 'x'.repeat(16 * 1024 + 1), 1000)).rejects.toThrow(RangeError)
  await state.close()
})

it('keeps a list of notes in order, without those whose time is over', async () => {
  const state = await openTestState(inject('redisUrl'))
  const { notes } = state
  await notes.add('a', 'running', 'soon', 20)
  await notes.add('a', 'running', 'first', 50_000)
  await notes.add('a', 'running', 'second', 60_000)
  await sleep(40)
  expect([await notes.list('a', 'running'), await notes.list('b', 'running')]).toEqual([['first', 'second'], []])
  await notes.remove('a', 'running', 'first')
  expect(await notes.list('a', 'running')).toEqual(['second'])
  await state.close()
})
