import type { Redis } from 'ioredis'
import type { JobEvent } from './events.ts'

type Listener = (event: JobEvent) => void

/** The one connection of a process that listens to pub/sub, opened when the first listener comes. */
export interface Subscriptions {
  onJob(id: string, listener: Listener): () => void
  /** Ids of jobs that workers should stop (canceled or erased). */
  onControl(listener: (id: string) => void): Promise<() => void>
  close(): void
}

const idLength = 30

/**
 * A preview as it travels: the job's id, which of its pictures (8 bit; version 0.1 knew of the first alone), the step
 * (24 bit, big endian), the picture.
 */
export function packPreview(
  id: string,
  { index, step, image }: { index: number; step: number; image: Uint8Array },
): Buffer {
  const message = Buffer.alloc(idLength + 4 + image.byteLength)
  message.write(id, 'latin1')
  message.writeUInt8(index, idLength)
  message.writeUIntBE(step, idLength + 1, 3)
  message.set(image, idLength + 4)
  return message
}

function unpackPreview(message: Buffer): JobEvent {
  return {
    type: 'preview',
    id: message.toString('latin1', 0, idLength),
    index: message.readUInt8(idLength),
    step: message.readUIntBE(idLength + 1, 3),
    image: message.subarray(idLength + 4),
  }
}

/** @param createClient a patient client that is not connected yet */
export function createSubscriptions(
  prefix: string,
  createClient: () => Redis,
  onError: (error: Error) => void,
): Subscriptions {
  const byJob = new Map<string, Set<Listener>>()
  const control = new Set<(id: string) => void>()
  let client: Redis | undefined
  let subscribed: Promise<unknown> | undefined

  function deliver(event: JobEvent): void {
    for (const listener of byJob.get(event.id) ?? []) listener(event)
  }

  function receive(channel: string, message: Buffer): void {
    if (channel === `${prefix}events`) deliver(JSON.parse(message.toString()) as JobEvent)
    else if (channel === `${prefix}previews`) deliver(unpackPreview(message))
    else for (const listener of control) listener(message.toString())
  }

  function open(): Promise<unknown> {
    if (subscribed !== undefined) return subscribed
    client = createClient()
    client.on('messageBuffer', (channel: Buffer, message: Buffer) => receive(channel.toString(), message))
    const resync = () => {
      for (const id of byJob.keys()) deliver({ type: 'resync', id })
    }
    subscribed = client.subscribe(`${prefix}events`, `${prefix}previews`, `${prefix}control`).then(() => {
      resync()
      // After a lost connection, too: what was published meanwhile is gone.
      client?.on('ready', resync)
    })
    subscribed.catch(onError)
    return subscribed
  }

  return {
    onJob(id, listener) {
      void open()
      const listeners = byJob.get(id) ?? new Set()
      listeners.add(listener)
      byJob.set(id, listeners)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && byJob.get(id) === listeners) byJob.delete(id)
      }
    },
    async onControl(listener) {
      control.add(listener)
      await open()
      return () => control.delete(listener)
    },
    close() {
      client?.disconnect()
    },
  }
}
