import type { Told, UnetFacts } from './architecture.ts'
import type { JsonObject } from './read-json.ts'

/**
 * Settings for models that were distilled to few steps; with guidance they burn the picture. Names of fields as in
 * requests.
 */
const kinds: readonly (readonly [RegExp, string, JsonObject])[] = [
  [/\blcm\b/, 'lcm', { steps: 8, guidance_scale: 1, sampler: 'lcm' }],
  [/\blightning\b/, 'lightning', { steps: 8, guidance_scale: 1, sampler: 'euler', schedule: 'sgm_uniform' }],
  [/\bturbo\b/, 'turbo', { steps: 6, guidance_scale: 1, sampler: 'euler_a' }],
]

/**
 * Defaults of a distilled model, or null of any other. Such models have the base model's shapes: only the embedding of
 * the guidance scale is a sure sign, and else a word in the name is all there is.
 *
 * @param names the file's name without extension, and its title
 */
export function distilledDefaults({ guidanceWidth }: UnetFacts, names: readonly string[]): Told<JsonObject> | null {
  if (guidanceWidth !== null)
    return { value: { steps: 8, guidance_scale: 8, sampler: 'lcm' }, told: 'the UNet takes the guidance scale' }
  for (const name of names) {
    const words = name
      .replace(/([a-z])(?=[A-Z\d])|(\d)(?=[A-Za-z])/g, '$1$2 ')
      .replaceAll('_', ' ')
      .toLowerCase()
    const found = kinds.find(([pattern]) => pattern.test(words))
    if (found) return { value: found[2], told: `its name has "${found[1]}"` }
  }
  return null
}
