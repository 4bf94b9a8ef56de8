import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from '@pentimento/free-port'
import { encode } from '@pentimento/images'
import { openState } from '@pentimento/state'
import { expect, inject, it } from 'vitest'
import { startApiProcess } from './testing/api-process.ts'
import { startBalancer } from './testing/balancer.ts'
import { formOf, request, testModel } from './testing/service.ts'

it('restarts behind a balancer, one process after the other under load, without a failed answer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-drain-'))
  const namespace = `drain-${randomUUID()}`
  const redisUrl = inject('redisUrl')
  const state = await openState({ redisUrl, namespace, onError: () => {} })
  const worker = { workerId: 'w', state: 'ready' as const, device: 'cpu', deviceMemory: null, models: [testModel] }
  await state.workers.announce(worker)
  const env = {
    REDIS_URL: redisUrl,
    REDIS_NAMESPACE: namespace,
    STORAGE_URL: pathToFileURL(folder).href,
    DEFAULT_MODEL: testModel.id,
    DRAIN_DELAY: '3',
  }
  const ports = [await freePort(), await freePort()]
  const apis = await Promise.all(ports.map((port) => startApiProcess(port, env)))
  const balancer = await startBalancer(
    apis.map(({ url }) => url),
    100,
  )
  const data = new Uint8Array(64 * 64 * 3).fill(90)
  const image = await encode({ width: 64, height: 64, data }, { format: 'png', quality: 90, metadata: null })

  const failed: unknown[] = []
  let accepted = 0
  const note = ({ status, body }: { status: number; body: unknown }) => {
    if (status === 202) accepted++
    else if (status !== 200) failed.push([status, body])
  }
  let running = true
  const client = async () => {
    while (running) {
      const body = formOf({ prompt: 'p', image, width: 64, height: 64 })
      const job = await request(`${balancer.url}/v1/img2img`, { method: 'POST', body })
      note(job)
      note(await request(`${balancer.url}/v1/jobs/${job.body.id}?wait=1`))
      note(await request(`${balancer.url}/v1/jobs?limit=5`))
      await sleep(30)
    }
  }
  // Nobody paints, so that a stream ends only because its server stops: with the hint to come back, whole.
  let streams = 0
  const leaving = new AbortController()
  const reader = async () => {
    const body = formOf({ prompt: 'p', image, width: 64, height: 64 })
    const { id } = (await request(`${balancer.url}/v1/img2img`, { method: 'POST', body })).body
    while (running) {
      try {
        const answer = await fetch(`${balancer.url}/v1/jobs/${id}/events`, { signal: leaving.signal })
        const text = await answer.text()
        if (answer.status !== 200 || !/^event: job$/m.test(text) || !/^retry: \d+$/m.test(text))
          failed.push([answer.status, text])
        streams++
        await sleep(Number(/^retry: (\d+)$/m.exec(text)?.[1]) / 4)
      } catch (error) {
        if (running) failed.push(['stream', String(error)])
      }
    }
  }
  const readers = Array.from({ length: 4 }, reader)
  const clients = Array.from({ length: 4 }, client)
  const codes: (number | null)[] = []
  // The second one needs no successor: by then all go to that of the first.
  for (const [i, port] of ports.entries()) {
    codes.push((await apis[i]?.stop()) ?? null)
    if (i === 0) apis[i] = await startApiProcess(port, env)
    await sleep(300)
  }
  running = false
  leaving.abort()
  await Promise.all([...clients, ...readers])
  balancer.close()
  codes.push((await apis[0]?.stop()) ?? null)
  await state.close()
  await rm(folder, { recursive: true })

  expect(failed).toEqual([])
  expect(accepted).toBeGreaterThan(10)
  // Each reader met at least one of the two stops.
  expect(streams).toBeGreaterThanOrEqual(4)
  expect(codes).toEqual([0, 0, 0])
})
