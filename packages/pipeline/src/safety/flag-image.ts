import { PipelineError } from '../errors.ts'
import type { GeneratedImage, GenerateHooks, GenerateRequest, GenerateResult, RgbImage } from '../request.ts'

/**
 * Looks at what was painted, and where that is a part of a larger picture, at the whole of it.
 *
 * @throws PipelineError `not_supported` where results are to be looked at and nobody is there who can
 */
export async function flagImage(
  request: Pick<GenerateRequest, 'safety'>,
  { isUnsafe }: GenerateHooks,
  painted: RgbImage,
  whole: RgbImage,
): Promise<Pick<GeneratedImage, 'flagged'>> {
  if (!request.safety) return {}
  if (!isUnsafe) throw new PipelineError('not_supported', 'Results are to be checked, and there is no safety checker.')
  const isPart = whole.width !== painted.width || whole.height !== painted.height
  return { flagged: (await isUnsafe(painted)) || (isPart && (await isUnsafe(whole))) }
}

/** Black pictures in the place of those that are flagged, where they are to be withheld; and says which they are. */
export function withheld(result: GenerateResult, { safety }: Pick<GenerateRequest, 'safety'>): GenerateResult {
  const found = result.images.flatMap(({ flagged }, i) => (flagged ? [i] : []))
  if (!safety || found.length === 0) return result
  const isBlocked = safety.policy === 'block'
  const which = `${found.length === 1 ? 'Image' : 'Images'} ${found.join(', ')}`
  const [was, is] = found.length === 1 ? ['was', 'is'] : ['were', 'are']
  const message = `${which} ${was} found unsafe by the safety checker${isBlocked ? `, and ${is} black` : ''}.`
  const black = (image: RgbImage): RgbImage => ({ ...image, data: new Uint8Array(image.data.length) })
  return {
    ...result,
    images: result.images.map((one) => (isBlocked && one.flagged ? { ...one, image: black(one.image) } : one)),
    warnings: [...result.warnings, { code: 'flagged', message }],
  }
}
