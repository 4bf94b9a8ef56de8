import { type SamplerName, type ScheduleName, samplerNames, scheduleNames } from '@pentimento/vocabulary'
import { PipelineError } from '../errors.ts'
import type { ModelDescription } from './description.ts'
import type { LatentSpace } from './latent-space.ts'
import { type JsonObject, numberAt, objectAt, stringAt } from './read-json.ts'

/**
 * What a folder's own pentimento.json, or the JSON file beside a single file, adds to or corrects in what is read from
 * the rest.
 */
type Manifest = Partial<
  Pick<
    ModelDescription,
    'id' | 'title' | 'description' | 'licence' | 'nativeSize' | 'defaults' | 'prompts' | 'vocabulary' | 'previews'
  >
> & {
  /** Without `multiple` what the graph says holds. */
  sizes?: { min: number; max: number; multiple?: number }
}

/**
 * @param latents of the model's family
 * @param name of the file, as errors call it
 * @throws model_unusable naming the member that makes no sense
 */
export function parseManifest(json: JsonObject | null, latents: LatentSpace, name: string): Manifest {
  try {
    return json ? parse(json, latents) : {}
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PipelineError('model_unusable', `${name}: ${error.message}.`, { cause: error })
  }
}

function parse(json: JsonObject, latents: LatentSpace): Manifest {
  const sizes = objectAt(json, 'sizes')
  const defaults = objectAt(json, 'defaults')
  const previews = objectAt(json, 'previews')
  const { prompts, vocabulary } = json
  return definedOnly({
    id: text(json, 'id', 200),
    title: text(json, 'title', 200),
    description: text(json, 'description', 2000),
    licence: text(json, 'licence', 200) ?? text(json, 'license', 200),
    nativeSize: size(json, 'native_size', latents),
    sizes: sizes ? parseSizes(sizes, latents) : undefined,
    defaults: defaults ? parseDefaults(defaults) : undefined,
    prompts: Array.isArray(prompts) ? texts(prompts, 'prompts', 100, 2000) : undefined,
    vocabulary: Array.isArray(vocabulary) ? texts(vocabulary, 'vocabulary', 10_000, 100) : undefined,
    previews: previews ? parsePreviews(previews, latents) : undefined,
  })
}

function parseDefaults(json: JsonObject): ModelDescription['defaults'] {
  return definedOnly({
    steps: within(json, 'steps', 1, 150),
    guidanceScale: within(json, 'guidance_scale', 1, 30),
    sampler: oneOf<SamplerName>(samplerNames, json, 'sampler'),
    schedule: oneOf<ScheduleName>(scheduleNames, json, 'schedule'),
    prompt: stringAt(json, 'prompt'),
    negativePrompt: stringAt(json, 'negative_prompt'),
    strength: within(json, 'strength', 0, 1),
  })
}

function parseSizes(json: JsonObject, latents: LatentSpace): NonNullable<Manifest['sizes']> {
  const multiple = size(json, 'multiple', latents)
  const [min, max] = [size(json, 'min', latents) ?? 64, size(json, 'max', latents) ?? 2048]
  if (min > max) throw new RangeError(`sizes are ${min} to ${max}`)
  return {
    min,
    max,
    ...(multiple === undefined ? {} : { multiple }),
  }
}

function parsePreviews(json: JsonObject, { channels }: LatentSpace): ModelDescription['previews'] {
  const { factors, bias } = json
  const isRow = (row: unknown): row is number[] => Array.isArray(row) && row.length === 3 && row.every(Number.isFinite)
  if (
    !Array.isArray(factors) ||
    factors.length !== channels ||
    !factors.every(isRow) ||
    (bias !== undefined && !isRow(bias))
  ) {
    throw new RangeError(`previews.factors are ${channels} rows of 3 numbers, previews.bias 3`)
  }
  return { factors, bias: bias ?? [0, 0, 0] }
}

/** What workers announce to every api, and catalogues show, has a length that both can bear. */
function text(json: JsonObject, key: string, longest: number): string | undefined {
  const value = stringAt(json, key)
  if (value === undefined || value.length <= longest) return value
  throw new RangeError(`${key} is longer than ${longest} characters`)
}

function texts(values: unknown[], key: string, most: number, longest: number): string[] {
  const strings = values.slice(0, most + 1).map(String)
  if (values.length <= most && strings.every((value) => value.length <= longest)) return strings
  throw new RangeError(`${key} are more than ${most}, or longer than ${longest}`)
}

function size(json: JsonObject, key: string, { factor }: LatentSpace): number | undefined {
  const value = numberAt(json, key)
  if (value === undefined) return undefined
  if (Number.isInteger(value) && value >= factor && value % factor === 0) return value
  throw new RangeError(`${key} is ${value}, not a multiple of ${factor}`)
}

/** A default that no request could have would fail every request that leaves it out. */
function within(json: JsonObject, key: string, min: number, max: number): number | undefined {
  const value = numberAt(json, key)
  if (value === undefined || (value >= min && value <= max)) return value
  throw new RangeError(`defaults.${key} is ${value}, not ${min} to ${max}`)
}

function oneOf<Name extends string>(names: readonly Name[], json: JsonObject, key: string): Name | undefined {
  const value = stringAt(json, key)
  if (value === undefined) return undefined
  const name = names.find((known) => known === value)
  if (name) return name
  throw new RangeError(`defaults.${key} is "${value}", none of ${names.join(', ')}`)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>
}
