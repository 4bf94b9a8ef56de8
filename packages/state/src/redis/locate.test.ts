import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mostNamed } from './locate.ts'

const at = (host: string, afterMs = 0) => sleep(afterMs, { host, port: 1 })
const failing = (message: string, afterMs = 0) => sleep(afterMs).then(() => Promise.reject(new Error(message)))
const never = new Promise<never>(() => {})

test('what more than half say is believed, however few are silent', async () => {
  expect(await mostNamed([at('old'), at('new', 5), at('new', 10)])).toMatchObject({ host: 'new' })
  expect(await mostNamed([never, at('new'), at('new')])).toMatchObject({ host: 'new' })
})

test('with too few that answer, what most of those say', async () => {
  expect(await mostNamed([failing('a: gone'), failing('b: gone'), at('new', 5)])).toMatchObject({ host: 'new' })
})

test('when nobody knows, what each of them said', async () => {
  await expect(mostNamed([failing('a: no master'), failing('b: no answer', 5)])).rejects.toThrow(
    'a: no master; b: no answer',
  )
})
