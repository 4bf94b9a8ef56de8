import { adapterFields, familyFacts, type LoraUse, takeLoras } from '@pentimento/vocabulary'
import type { AdapterEntry, ModelEntry } from './catalog.ts'
import type { FieldIssue } from './field-issue.ts'

/** What a model's request may take: null while no worker is there to say it. */
export type Adapters = readonly AdapterEntry[] | null

export type FittedModel = Pick<ModelEntry, 'family' | 'layout'> & { id?: string }

/** Why an adapter does not go with a model, or null where it does. */
export function whyUnfit(adapter: AdapterEntry, model: FittedModel): string | null {
  // It takes the painted picture, whoever painted it.
  if (adapter.kind === 'upscaler') return null
  if (model.layout === 'onnx')
    return 'this model is a folder of ONNX graphs, and only models of .safetensors take LoRAs, embeddings, IP-Adapters and ControlNets'
  // The refiner reads the same text as the base, and has layers of its own, which a LoRA may have too.
  const isControl = adapter.kind === 'controlnet' || adapter.kind === 't2i-adapter'
  const family = isControl ? model.family : model.family.replace('sdxl-refiner', 'sdxl')
  const isSame = adapter.family === null || adapter.family === family
  if (!isSame) return `${adapter.name} was made for ${short(adapter.family)}, and this model is ${short(model.family)}`
  return adapter.unfit[model.id ?? ''] ?? null
}

function short(family: string | null): string {
  return familyFacts(family ?? '')?.short ?? family ?? 'another model'
}

interface AskedAdapters {
  prompt: string
  loras: LoraUse[]
  issues: FieldIssue[]
}

/**
 * The LoRAs that a request asks for, by the names of their files and sorted, and the prompt without the tags that named
 * them. Embeddings that it names are held to the model, too.
 *
 * @param fields as they were sent
 */
export function resolveAdapters(
  fields: { prompt: string; negative_prompt: string; semantics: string; loras: readonly LoraUse[] },
  model: FittedModel,
  adapters: Adapters,
): AskedAdapters {
  const taken =
    fields.semantics === 'a1111' ? takeLoras(fields.prompt) : { prompt: fields.prompt, loras: [], problem: null }
  const issues: FieldIssue[] = []
  if (taken.problem !== null) issues.push({ code: 'invalid_fields', pointer: '/prompt', detail: taken.problem })
  const known = adapters?.filter(({ kind }) => kind === 'lora') ?? []
  const loras: LoraUse[] = []
  for (const [pointer, asked] of [
    ...fields.loras.map((use) => ['/loras', use] as const),
    ...taken.loras.map((use) => ['/prompt', use] as const),
  ]) {
    const adapter = known.find(({ name }) => name === asked.name) ?? known.find(({ alias }) => alias === asked.name)
    const issue = lorasIssue(asked, adapter, model, adapters)
    if (issue) issues.push({ ...issue, pointer })
    else if (loras.some(({ name }) => name === adapter?.name))
      issues.push({ code: 'invalid_fields', pointer, detail: `the LoRA ${asked.name} is named twice` })
    else loras.push({ ...asked, name: adapter?.name ?? asked.name })
  }
  const { most } = adapterFields.loras
  if (loras.length > most) issues.push({ code: 'invalid_fields', pointer: '/prompt', detail: `at most ${most} LoRAs` })
  issues.push(...embeddingIssues({ prompt: taken.prompt, negative_prompt: fields.negative_prompt }, model, adapters))
  return { prompt: taken.prompt, loras: loras.sort((a, b) => (a.name < b.name ? -1 : 1)), issues }
}

function lorasIssue(
  { name }: LoraUse,
  adapter: AdapterEntry | undefined,
  model: FittedModel,
  adapters: Adapters,
): Omit<FieldIssue, 'pointer'> | null {
  if (adapter) {
    const reason = whyUnfit(adapter, model)
    return reason === null ? null : { code: 'not_supported', detail: reason }
  }
  if (adapters === null)
    return { code: 'no_worker', detail: 'no worker is there to say which LoRAs this model has; try again shortly' }
  const fitting = adapters.filter((one) => one.kind === 'lora' && whyUnfit(one, model) === null).map((one) => one.name)
  const list =
    fitting.length === 0
      ? 'this model has none'
      : `known: ${fitting.slice(0, 20).join(', ')}${fitting.length > 20 ? ', …' : ''}`
  return { code: 'unknown_lora', detail: `there is no LoRA ${JSON.stringify(name)}; ${list}` }
}

/**
 * Embeddings that the prompts name as a word and that do not go with the model: taken for words they would mean
 * something else.
 */
function embeddingIssues(
  prompts: Record<'prompt' | 'negative_prompt', string>,
  model: FittedModel,
  adapters: Adapters,
): FieldIssue[] {
  const embeddings = adapters?.filter(({ kind }) => kind === 'embedding') ?? []
  return Object.entries(prompts).flatMap(([field, text]) =>
    embeddings.flatMap((embedding): FieldIssue[] => {
      const reason = namesWord(text, embedding.name) ? whyUnfit(embedding, model) : null
      if (reason === null) return []
      return [
        {
          code: 'not_supported',
          pointer: `/${field}`,
          detail: `the word ${embedding.name} is an embedding: ${reason}`,
        },
      ]
    }),
  )
}

function namesWord(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(text)
}
