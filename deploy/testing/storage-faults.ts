import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Job } from '../../packages/contracts/src/index.ts'
import type { Fault } from '../../packages/storage/src/testing/index.ts'
import { form } from '../../services/cli/src/client.ts'
import { expectWhole, paint, repaint, sketch } from './paint.ts'
import type { Stores } from './stores.ts'

/** Every call that a job makes, in the api and in the worker: picture of another job, uploads, inputs, results. */
const calls = [
  'GET attempts/1/0.png',
  'PUT inputs/image.png',
  'PUT inputs/mask.png',
  'GET inputs/image.png',
  'GET inputs/mask.png',
  'PUT attempts/1/0.png',
  'PUT attempts/1/1.png',
]
/** Those that the api makes, before it accepts. */
const atSubmit = calls.slice(0, 3)

/** What jobs on S3 come to when their calls to it fail. */
export function storageFaults(stores: Stores): void {
  let source: Job
  beforeAll(async () => {
    source = await paint(stores.onS3.url)
    // The inputs of jobs that have ended are erased a while later, which is none of the calls that are looked at.
    await vi.waitFor(() => expect(kept().filter((key) => key.includes('/inputs/'))).toEqual([]), 30_000)
  }, 90_000)
  afterEach(() => {
    stores.s3.fault = null
  })

  /** Lets `fault` happen to calls of jobs, not to those of readiness probes; it is told how often that call was made. */
  function faultCalls(fault: (call: string, times: number) => Fault | undefined): void {
    const seen = new Map<string, number>()
    stores.s3.fault = ({ method, key }) => {
      const [, name] = /\/jobs\/[^/]+\/(.+)/.exec(key) ?? []
      if (name === undefined) return undefined
      const call = `${method} ${name}`
      seen.set(call, (seen.get(call) ?? 0) + 1)
      return fault(call, seen.get(call) ?? 0)
    }
  }

  /** Keys of all that is kept of jobs, in order. */
  function kept(): string[] {
    return [...stores.s3.objects.keys()].filter((key) => key.includes('/jobs/')).sort()
  }

  describe('a storage that fails once', () => {
    it('can fail at these calls of a job, and at no other', async () => {
      const made: string[] = []
      faultCalls((call) => void made.push(call))
      const job = await repaint(stores.onS3.url, source)
      stores.s3.fault = null
      expect(made.sort()).toEqual(calls.toSorted())
      await expectWhole(job)
    })

    const faults: Fault[] = [
      { kind: 'reset' },
      { kind: 'lost' },
      { kind: 'cut' },
      { kind: 'slow', ms: 700 },
      { kind: 'status', status: 503, code: 'SlowDown' },
    ]

    it.each(calls.flatMap((call) => faults.map((fault) => ({ call, fault }))))(
      'costs nothing: $call $fault.kind',
      async ({ call, fault }) => {
        let struck = 0
        faultCalls((made, times) => {
          if (made !== call || times !== 1) return undefined
          struck++
          return fault
        })
        await expectWhole(await repaint(stores.onS3.url, source))
        expect(struck).toBe(1)
      },
    )

    it('costs time when it gives no answer, or no more of one, at every call', async () => {
      faultCalls((call, times) => (times === 1 ? { kind: call.startsWith('GET') ? 'stall' : 'hang' } : undefined))
      const job = await repaint(stores.onS3.url, source)
      stores.s3.fault = null
      await expectWhole(job)
    })

    it('for some seconds in the middle of a job costs time alone', async () => {
      let since = 0
      faultCalls((call) => {
        if (call.startsWith('PUT attempts/')) since ||= Date.now()
        return since !== 0 && Date.now() - since < 2_500 ? { kind: 'reset' } : undefined
      })
      await expectWhole(await paint(stores.onS3.url))
      expect(Date.now() - since).toBeGreaterThan(2_500)
    })
  })

  describe('a storage that fails for long', () => {
    it.each(atSubmit)('at %s refuses the job, keeps nothing of it, and takes the next one', async (call) => {
      const before = new Set(kept())
      // What was stored without an answer is there all the same.
      faultCalls((made) => (made === call ? { kind: call.startsWith('GET') ? 'cut' : 'lost' } : undefined))
      await expect(repaint(stores.onS3.url, source)).rejects.toThrow('503 storage_unavailable')
      stores.s3.fault = null
      // What was erased meanwhile is of those before.
      await expect.poll(() => kept().filter((key) => !before.has(key))).toEqual([])
      await expectWhole(await repaint(stores.onS3.url, source))
    })

    it.each(calls.slice(atSubmit.length))('at %s ends the job with storage_unavailable', async (call) => {
      faultCalls((made) => (made === call ? { kind: call.startsWith('GET') ? 'cut' : 'lost' } : undefined))
      const job = await repaint(stores.onS3.url, source)
      stores.s3.fault = null
      expect(job).toMatchObject({
        status: 'failed',
        error: { code: 'storage_unavailable', retryable: true },
        images: [],
      })
      expect((await fetch(`${job.urls.self}/images/0`)).status).toBe(404)
      await expect.poll(() => kept().filter((key) => key.includes(`${job.id}/attempts/`))).toEqual([])
      await expectWhole(await repaint(stores.onS3.url, source))
    })

    it('leaves no upload behind that came later than the refusal of another', async () => {
      const before = new Set(kept())
      faultCalls((call) => {
        if (call === 'PUT inputs/image.png') return { kind: 'status', status: 403, code: 'AccessDenied' }
        return call === 'PUT inputs/mask.png' ? { kind: 'slow', ms: 700 } : undefined
      })
      await expect(repaint(stores.onS3.url, source)).rejects.toThrow('503 storage_unavailable')
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await expect.poll(() => kept().filter((key) => !before.has(key))).toEqual([])
    })

    it('because it hangs refuses the job, without waiting for what cannot be cleaned up', async () => {
      faultCalls(() => ({ kind: 'hang' }))
      const start = performance.now()
      await expect(paint(stores.onS3.url)).rejects.toThrow('503 storage_unavailable')
      expect(performance.now() - start).toBeLessThan(4_500)
    })

    it('because it refuses connections refuses the job', async () => {
      await stores.s3.stop()
      const body = await form({ prompt: '', width: 64, height: 64, steps: 1 }, { image: sketch })
      const response = await fetch(`${stores.onS3.url}/v1/img2img`, { method: 'POST', body })
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'storage_unavailable' })
      await stores.s3.start()
      await expectWhole(await paint(stores.onS3.url))
    })

    it.each(['cut', 'stall'] as const)('in the middle of a picture breaks the transfer off: %s', async (kind) => {
      const job = await paint(stores.onS3.url)
      faultCalls((call) => (call.startsWith('GET') ? { kind } : undefined))
      const transfer = fetch(job.images[0]?.url ?? '').then((response) => response.arrayBuffer())
      await expect(transfer).rejects.toThrow()
      stores.s3.fault = null
      await expectWhole(job)
    })

    it('before a picture begins says so, without the tag of a picture', async () => {
      faultCalls((call) => (call.startsWith('GET') ? { kind: 'reset' } : undefined))
      const response = await fetch(source.images[0]?.url ?? '')
      expect([response.status, response.headers.get('etag')]).toEqual([503, null])
      expect(await response.json()).toMatchObject({ code: 'storage_unavailable' })
    })
  })
}
