import type { Family } from './architecture.ts'
import type { JsonObject } from './read-json.ts'
import type { Prediction, Sidecar } from './sidecar.ts'

/** Side in pixels of the square that a family was trained on, where no file says. */
function nativeSize(family: Family, prediction: Prediction | null): number {
  if (family === 'sd1') return 512
  // SD 2.0's base and inpainting models predict noise at 512, the others v at 768.
  if (family === 'sd2') return prediction === 'epsilon' ? 512 : 768
  return 1024
}

/** What is said of a model, in the words of pentimento.json: the file's metadata, and over them the sidecar. */
export function manifestOf(model: {
  family: Family
  prediction: Prediction | null
  name: string
  metadata: ReadonlyMap<string, string>
  /** The UNet's config.json. */
  config: JsonObject | null
  distilled: JsonObject | null
  sidecar: Sidecar
}): JsonObject {
  const { metadata, config, distilled } = model
  const said = (key: string) => metadata.get(`modelspec.${key}`)?.trim().slice(0, 200) || undefined
  const [, side = '', other = ''] = /^(\d{2,4})x(\d{2,4})$/.exec(said('resolution') ?? '') ?? []
  const stated = side !== '' && side === other ? Number(side) : Number(config?.sample_size) * 8
  const { sidecar } = model
  const manifest: JsonObject = {
    title: said('title') ?? model.name,
    licence: said('license'),
    native_size:
      stated % 8 === 0 && stated >= 64 && stated <= 2048 ? stated : nativeSize(model.family, model.prediction),
    ...(distilled ? { defaults: distilled } : {}),
    ...sidecar.json,
  }
  return Object.fromEntries(Object.entries(manifest).filter(([, value]) => value !== undefined))
}
