import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { img2imgFields, type JobRequest, requestVersion, resolveParameters } from '@pentimento/contracts'
import { freePort } from '@pentimento/free-port'
import { openState } from '@pentimento/state'
import { openStore } from '@pentimento/storage'
import { startTestRedis } from '@pentimento/test-redis'
import { announcedModel, keepAnnouncing } from './announced-model.ts'
import { measurePickup } from './api-pickup.ts'
import { type LoadResult, postFor, type Target } from './http-load.ts'
import { quantile } from './quantile.ts'

const rounds = 5
const roundMs = 2500
const pickups = 200

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const redis = await startTestRedis()
const children: ChildProcess[] = []
const folder = await mkdtemp(join(tmpdir(), 'pentimento-bench-'))
try {
  await main()
} finally {
  for (const child of children.toReversed()) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  await redis.close()
  await rm(folder, { recursive: true, force: true })
}

async function main(): Promise<void> {
  const picture = await readFile(here('fixtures/photo-512.png'))
  const redisUrl = redis.url
  const storageUrl = pathToFileURL(join(folder, 'storage')).href
  const [apiPort, barePort, dropPort] = [await freePort(), await freePort(), await freePort()]
  const state = await openState({ redisUrl, onError: () => {} })
  const stopAnnouncing = await keepAnnouncing(state)
  const env = { ...process.env, PORT: String(apiPort), REDIS_URL: redisUrl, STORAGE_URL: storageUrl }
  startChild('../services/api/src/main.ts', [], {
    ...env,
    DEFAULT_MODEL: announcedModel.id,
    MAX_QUEUE_DEPTH: '1000000',
    LOG_LEVEL: 'warn',
  })
  await Promise.all([
    ready(`http://127.0.0.1:${apiPort}/readyz`),
    once(startChild('api-bare-server.ts', [String(barePort), redisUrl, join(folder, 'bare')], process.env), 'message'),
    once(startChild('api-drop-server.ts', [String(dropPort)], process.env), 'message'),
  ])
  const { type, body } = await encodeForm(picture)
  const targets = {
    api: { url: `http://127.0.0.1:${apiPort}/v1/img2img`, type, body },
    bare: { url: `http://127.0.0.1:${barePort}/`, type, body },
    drop: { url: `http://127.0.0.1:${dropPort}/`, type, body },
  }
  console.log(
    `accepting a form with a 512 × 512 PNG of ${Math.round(picture.length / 1000)} kB, ${rounds} interleaved rounds:`,
  )
  for (const connections of [1, 8]) await compare(targets, connections)
  await pickup(state, storageUrl, picture)
  stopAnnouncing()
  await state.close()
}

async function compare(targets: Record<'api' | 'bare' | 'drop', Target>, connections: number): Promise<void> {
  const results: Record<string, LoadResult[]> = { api: [], bare: [], drop: [] }
  for (const target of Object.values(targets)) await postFor(target, connections, 1000)
  for (let round = 0; round < rounds; round++) {
    for (const [name, target] of Object.entries(targets)) {
      results[name]?.push(await postFor(target, connections, roundMs))
    }
  }
  const median = (name: string, of: keyof LoadResult) =>
    quantile(
      (results[name] ?? []).map((result) => result[of]),
      0.5,
    )
  for (const name of Object.keys(targets)) {
    const [perSecond, p50, p99] = [median(name, 'perSecond'), median(name, 'p50'), median(name, 'p99')]
    console.log(
      `  ${connections} connections  ${name.padEnd(4)} ${perSecond.toFixed(0).padStart(5)}/s  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`,
    )
  }
  // Rounds next to each other are compared, so that what the machine does meanwhile hits both.
  const ratio = (other: string) =>
    quantile(
      (results.api ?? []).map(({ perSecond }, i) => perSecond / (results[other]?.[i]?.perSecond ?? Number.NaN)),
      0.5,
    )
  const target = connections === 8 ? ' (target 0.75)' : ''
  console.log(
    `  ${connections} connections  api / bare ${ratio('bare').toFixed(2)}${target}, api / drop ${ratio('drop').toFixed(3)}`,
  )
}

async function pickup(
  state: Awaited<ReturnType<typeof openState>>,
  storageUrl: string,
  picture: Buffer,
): Promise<void> {
  const fields = img2imgFields.parse({ prompt: 'a mountain' })
  const resolved = resolveParameters(fields, announcedModel, { width: 512, height: 512 })
  if (!resolved.ok) throw new Error('the request of the benchmark is not valid')
  const idle = { ...announcedModel, id: 'bench-idle' }
  const request: JobRequest = {
    version: requestVersion,
    kind: 'img2img',
    tenant: 'default',
    model: idle.id,
    parameters: resolved.parameters,
    inputs: [{ name: 'image', role: 'source', key: 'image.png', bytes: picture.length, width: 512, height: 512 }],
    metadata: {},
    expires_in: 86_400,
    deadline: 3600,
    webhook: null,
    traceparent: null,
  }
  const times = await measurePickup(state, await openStore(storageUrl), idle.id, () => request, picture, pickups)
  console.log(`${pickups} jobs on an idle queue, one at a time, p50:`)
  console.log(
    `  queue add → processor called ${times.called.toFixed(2)} ms (target 5), p99 ${times.calledP99.toFixed(2)} ms`,
  )
  console.log(
    `  then fetch ${times.fetch.toFixed(2)} ms, decode ${times.decode.toFixed(2)} ms, to the engine and back ${times.engine.toFixed(2)} ms`,
  )
}

async function encodeForm(picture: Buffer): Promise<{ type: string; body: Buffer }> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ prompt: 'a mountain', seed: '1', steps: '20', strength: '0.6' })) {
    form.append(name, value)
  }
  form.append('image', new Blob([Uint8Array.from(picture)]), 'photo.png')
  const encoded = new Response(form)
  const type = encoded.headers.get('content-type') ?? ''
  return { type, body: Buffer.from(await encoded.arrayBuffer()) }
}

function startChild(path: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = fork(here(path), args, {
    env,
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
  })
  children.push(child)
  return child
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await sleep(50)
  }
}
