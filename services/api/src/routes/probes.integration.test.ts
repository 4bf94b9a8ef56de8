import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type ObjectStore, openStore } from '@pentimento/storage'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startService, type TestService } from '../testing/service.ts'

let service: TestService
let folder: string
let store: ObjectStore
let checks = 0
let broken = false

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pentimento-probes-'))
  store = await openStore(pathToFileURL(folder).href)
  const check = async () => {
    checks++
    await store.check()
    if (broken) throw new Error('the disk is full')
  }
  service = await startService(inject('redisUrl'), { store: { ...store, check } })
})

afterAll(async () => {
  await service.close()
  await rm(folder, { recursive: true, force: true })
})

const readyz = async () => (await fetch(`${service.url}/readyz`)).status

it('writes to the storage once a second at most, however often everybody asks, and soon tells of a change', async () => {
  const [before, begin] = [checks, performance.now()]
  // One as the first asks, and one in each second that a busy machine takes for all of them.
  const allowed = () => 2 + Math.floor((performance.now() - begin) / 1000)
  const statuses = await Promise.all(Array.from({ length: 200 }, readyz))
  expect(new Set(statuses)).toEqual(new Set([200]))
  for (let i = 0; i < 50; i++) await readyz()
  expect(checks - before).toBeLessThanOrEqual(allowed())
  broken = true
  await sleep(1100)
  expect(await readyz()).not.toBe(200)
  expect(await readyz()).not.toBe(200)
  expect(checks - before).toBeLessThanOrEqual(allowed())
  broken = false
  await sleep(1100)
  expect(await readyz()).toBe(200)
})
