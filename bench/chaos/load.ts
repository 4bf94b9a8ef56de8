import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal, type Job } from '@pentimento/contracts'

/** What clients did: every key they used, and the jobs that were accepted under it. */
export interface Load {
  /** Idempotency key → ids of the jobs that answers named. More than one is a doubled job. */
  accepted: Map<string, Set<string>>
  /** Answers by status, or by the name of the error that kept one from coming. */
  answers: Map<string, number>
  /** Answers that no careful client expects, in words. */
  unexpected: string[]
  /** Jobs that were accepted so far. */
  count(): number
  /** Stops submitting and resolves when every request that was begun has been accepted. */
  stop(): Promise<void>
}

/** What each client asks for, and how often. */
export interface Work {
  /** Edge of the pictures, in pixels. */
  size: number
  steps(): number
  /** Jobs of one client that have not ended. */
  mostOpen: number
  /** Between two of them. */
  pauseMs(): number
}

/** Long enough to be interrupted, short enough to make many. */
export const longWork: Work = { size: 64, steps: () => 100, mostOpen: 6, pauseMs: () => 1500 + 1500 * Math.random() }

/** As many as a machine can do: most are done at once, one in thirty takes twenty times as long. */
export const shortWork: Work = {
  size: 64,
  steps: () => (Math.random() < 0.03 ? 150 : 2 + Math.floor(10 * Math.random())),
  mostOpen: 12,
  pauseMs: () => 50 * Math.random(),
}

export interface LoadOptions {
  urls: string[]
  clients: number
  /** Each client has one of them. */
  webhookUrls: string[]
  picture: Blob
  work: Work
  /** Whether a client has been told by webhook that its job has ended. */
  wasTold?(id: string): boolean
}

/**
 * Clients that each submit one job after another, and repeat a request with its Idempotency-Key, on another api, until
 * it is accepted: what a careful integrator does after a timeout, a reset or a 503.
 */
export function startLoad({ urls, clients, webhookUrls, picture, work, wasTold = () => false }: LoadOptions): Load {
  const accepted: Load['accepted'] = new Map()
  const answers: Load['answers'] = new Map()
  const unexpected: string[] = []
  let stopping = false
  const count = (what: string) => answers.set(what, (answers.get(what) ?? 0) + 1)

  async function submit(url: string, key: string, seed: number, steps: number): Promise<string | null | 'refused'> {
    try {
      const answer = await fetch(`${url}/v1/img2img`, {
        method: 'POST',
        body: jobForm(
          picture,
          webhookUrls[Math.floor(seed / 100_000) % webhookUrls.length] ?? '',
          work.size,
          steps,
          seed,
        ),
        headers: { 'Idempotency-Key': key },
        signal: AbortSignal.timeout(6000),
      })
      const json = (await answer.json()) as { id?: string; code?: string; detail?: string }
      count(String(answer.status))
      if (answer.ok && json.id) return json.id
      if (![409, 429, 503].includes(answer.status)) {
        unexpected.push(`${answer.status} ${json.code}: ${json.detail}`)
        return 'refused'
      }
    } catch (error) {
      count(error instanceof Error ? error.name : 'error')
    }
    return null
  }

  async function client(number: number): Promise<void> {
    const open: string[] = []
    for (let i = 0; !stopping; i++) {
      const [oldest] = open
      if (oldest !== undefined && open.length >= work.mostOpen) {
        // A machine that cannot keep up would else be left with jobs for many minutes.
        const ended = wasTold(oldest) || (await hasEnded(urls[(number + i) % urls.length] ?? '', oldest))
        if (ended) open.shift()
        else await untilTold(oldest, wasTold)
        continue
      }
      const key = randomUUID()
      const steps = work.steps()
      const ids = new Set<string>()
      accepted.set(key, ids)
      for (let attempt = 0; ids.size === 0; attempt++) {
        const id = await submit(urls[(number + attempt) % urls.length] ?? '', key, number * 100_000 + i, steps)
        if (id === 'refused') break
        if (id !== null) ids.add(id)
        else await sleep(300 + 300 * Math.random())
      }
      // Now and then once more, as after an answer that was lost on its way.
      if (ids.size > 0 && Math.random() < 0.2) {
        const again = await submit(urls[number % urls.length] ?? '', key, number * 100_000 + i, steps)
        if (again !== null && again !== 'refused') ids.add(again)
      }
      open.push(...ids)
      await sleep(work.pauseMs())
    }
  }

  const all = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  return {
    accepted,
    answers,
    unexpected,
    count: () => [...accepted.values()].filter((ids) => ids.size > 0).length,
    stop: async () => {
      stopping = true
      await all
    },
  }
}

function jobForm(picture: Blob, webhookUrl: string, size: number, steps: number, seed: number): FormData {
  const body = new FormData()
  for (const [name, value] of Object.entries({
    prompt: 'a red thing',
    width: size,
    height: size,
    steps,
    strength: 1,
    num_images: 1,
    seed,
    webhook_url: webhookUrl,
  }))
    body.append(name, String(value))
  body.append('image', picture, 'in.png')
  return body
}

/** Waits for the webhook, but for half a second only: webhooks come late, and by several ways. */
async function untilTold(id: string, wasTold: (id: string) => boolean): Promise<void> {
  for (const until = Date.now() + 500; !wasTold(id) && Date.now() < until; ) await sleep(25)
}

/** Whether a job has ended, as far as can be learned now. */
async function hasEnded(url: string, id: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/v1/jobs/${id}`, { signal: AbortSignal.timeout(2000) })
    return answer.ok && isFinal(((await answer.json()) as Job).status)
  } catch {
    return false
  }
}
