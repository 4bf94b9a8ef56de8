import { type Profiler, Session } from 'node:inspector/promises'

/** Begin and end, in microseconds of the clock that `process.hrtime` shows. */
export type Interval = readonly [from: number, to: number]

/** Parts of the pipeline, by where their files lie; the first that fits counts. */
const parts: readonly (readonly [where: string, part: string])[] = [
  ['/src/samplers/', 'samplers'],
  ['/src/schedules/', 'samplers'],
  ['/src/denoise/', 'denoiser and guidance'],
  ['/src/rng/', 'random numbers'],
  ['/src/text/', 'prompts'],
  ['tokenizers', 'prompts'],
  ['/src/vae/', "the VAE's pixels"],
  ['/src/images/', 'picture and mask'],
  ['/src/recipe/working', 'picture and mask'],
  ['/src/ort/values.ts', 'casts and copies'],
  ['/src/ort/', 'calls of the device'],
  ['/packages/pipeline/', 'the recipe between them'],
]
const unnamed: Record<string, string> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'V8 and Node.js',
}

/** Samples what this thread does, until the function is called that it answers: to milliseconds by part. */
export async function watchThread(): Promise<(without: readonly Interval[]) => Promise<Record<string, number>>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 500 })
  await session.post('Profiler.start')
  return async (without) => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return byPart(profile, without)
  }
}

function byPart({ nodes, samples = [], timeDeltas = [], startTime }: Profiler.Profile, without: readonly Interval[]) {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  /** Of the innermost function that lies in a file of some part: what the engine does for it is its own. */
  function partOf(sample: number): string | null {
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const { functionName = '', url = '' } = known.get(id)?.callFrame ?? {}
      if (functionName === '(idle)') return null
      const found = unnamed[functionName] ?? parts.find(([where]) => url.includes(where))?.[1]
      if (found !== undefined) return found
    }
    return 'Node.js between them'
  }
  const taken: Record<string, number> = {}
  let at = startTime
  samples.forEach((sample, i) => {
    const delta = timeDeltas[i] ?? 0
    at += delta
    const part = partOf(sample)
    if (part === null || without.some(([from, to]) => at >= from && at <= to)) return
    taken[part] = (taken[part] ?? 0) + delta / 1000
  })
  return taken
}
