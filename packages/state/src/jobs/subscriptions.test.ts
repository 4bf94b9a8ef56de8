import { EventEmitter } from 'node:events'
import { newJobId } from '@pentimento/contracts'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import type { JobEvent } from './events.ts'
import { createSubscriptions, packPreview } from './subscriptions.ts'

/** The part of a client that subscriptions use: messages are put in by hand. */
class FakeClient extends EventEmitter {
  subscribed: string[] = []
  async subscribe(...channels: string[]): Promise<number> {
    this.subscribed.push(...channels)
    return channels.length
  }
  disconnect(): void {}
  say(channel: string, message: string | Buffer): void {
    this.emit('messageBuffer', Buffer.from(channel), Buffer.from(message))
  }
}

test('one subscription serves all listeners, each hears of its own job until it leaves', async () => {
  const client = new FakeClient()
  let clients = 0
  const subscriptions = createSubscriptions(
    '{n}:',
    () => {
      clients++
      return client as unknown as Redis
    },
    () => undefined,
  )
  const [one, two] = [newJobId(), newJobId()]
  const heard: JobEvent[] = []
  const leave = subscriptions.onJob(one, (event) => heard.push(event))
  const controls: string[] = []
  await subscriptions.onControl((id) => controls.push(id))
  const status = (id: string) => JSON.stringify({ type: 'status', id, status: 'queued' })
  heard.length = 0
  client.say('{n}:events', status(one))
  client.say('{n}:events', status(two))
  client.say('{n}:previews', packPreview(one, { index: 3, step: 7, image: new Uint8Array([1, 2]) }))
  client.say('{n}:control', two)
  client.emit('ready')
  leave()
  client.say('{n}:events', status(one))
  expect(heard).toEqual([
    { type: 'status', id: one, status: 'queued' },
    { type: 'preview', id: one, index: 3, step: 7, image: Buffer.from([1, 2]) },
    { type: 'resync', id: one },
  ])
  expect(controls).toEqual([two])
  expect(clients).toBe(1)
  expect(client.subscribed).toEqual(['{n}:events', '{n}:previews', '{n}:control'])
})
