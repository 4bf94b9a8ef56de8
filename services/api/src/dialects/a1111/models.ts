import { type AdapterEntry, type ModelEntry, whyUnfit } from '@pentimento/contracts'
import type { Caller } from '../../http/auth.ts'
import type { KnownModel } from '../../submit/find-model.ts'
import type { DialectDeps } from '../run-jobs.ts'

/** Models as AUTOMATIC1111 lists checkpoints. The title is what comes back as `sd_model_checkpoint`. */
export function checkpointView({ id }: ModelEntry) {
  return { title: id, model_name: id, hash: null, sha256: null, filename: `${id}.safetensors`, config: null }
}

/**
 * The model that a client means by a title, a name or a file, with or without folder, extension and hash, in any case;
 * undefined if there is none.
 */
export function findCheckpoint<Model extends ModelEntry>(models: readonly Model[], named: string): Model | undefined {
  const name = plainName(named)
  return models.find(({ id }) => plainName(id) === name) ?? models.find(({ title }) => plainName(title) === name)
}

/** A file's name without folder, extension and hash, in lower case. */
export function plainName(name: string): string {
  return name
    .replace(/\s*\[[0-9a-f]{6,64}\]\s*$/i, '')
    .replace(/^.*[\\/]/, '')
    .replace(/\.(safetensors|ckpt|pt|onnx)$/i, '')
    .trim()
    .toLowerCase()
}

/** Networks as its extension lists them, whatever model they are for. The name stands in `<lora:name:weight>`. */
export function loraViews(models: readonly KnownModel[]) {
  return adaptersOf(models, 'lora').map(({ name, alias }) => {
    return { name, alias: alias ?? name, path: `${name}.safetensors`, metadata: {} }
  })
}

/** What enlarges pictures, by its names. Some clients cut the first one off. */
export function upscalerViews(models: readonly KnownModel[]) {
  const names = ['None', 'Lanczos', ...adaptersOf(models, 'upscaler').map(({ name }) => name)]
  return names.map((name) => ({ name, model_name: null, model_path: null, model_url: null, scale: 4 }))
}

/** Embeddings, by the word that stands in a prompt. */
export function embeddingsView(models: readonly KnownModel[]) {
  const unknown = { step: null, sd_checkpoint: null, sd_checkpoint_name: null, shape: null, vectors: null }
  return {
    loaded: Object.fromEntries(adaptersOf(models, 'embedding').map(({ name }) => [name, unknown])),
    skipped: {},
  }
}

/** Those of a kind that some model takes. */
export function adaptersOf(models: readonly KnownModel[], kind: AdapterEntry['kind']): AdapterEntry[] {
  const taken = models.flatMap((model) =>
    (model.adapters ?? []).filter((adapter) => adapter.kind === kind && whyUnfit(adapter, model) === null),
  )
  return [...new Map(taken.map((adapter) => [adapter.name, adapter])).values()]
}

/** Those that a caller may use. */
export async function checkpointsOf({ intake }: DialectDeps, caller: Caller): Promise<KnownModel[]> {
  const ids = await intake.models.usable(caller)
  return Promise.all(ids.map((id) => intake.models.find(caller, id)))
}
