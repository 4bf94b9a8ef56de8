import type { JobWarning, ModelEntry } from '@pentimento/contracts'
import { fitSize, type Size, sizeText, sizeWarning } from './fit-size.ts'

interface FittedFields {
  fields: Record<string, unknown>
  warnings: JobWarning[]
}

/**
 * The fields of a job that gives pictures of the size that was asked for, whatever its model can paint: what is painted
 * smaller or larger is scaled when it is answered, by what stands in the job's metadata.
 *
 * @param inpaint set for a job with a mask. Where its picture as a whole cannot be painted at that size, its
 * surroundings are painted and put back into the picture, which then stays as it is outside of the mask.
 */
export function fittedFields(
  model: Pick<ModelEntry, 'sizes'>,
  asked: Size,
  inpaint?: { area: 'whole' | 'masked'; padding: number },
): FittedFields {
  const { painted, result } = fitSize(asked, model)
  const fields = { ...painted, ...(inpaint && { inpaint_area: inpaint.area, mask_padding: inpaint.padding }) }
  const warning = sizeWarning({ painted, result })
  // `masked` gives the input's size by itself.
  if (warning === null || inpaint?.area === 'masked') return { fields, warnings: [] }
  const surroundings = inpaint && { inpaint_area: 'masked', mask_padding: 256 }
  return { fields: { ...fields, ...surroundings, metadata: { result_size: sizeText(result) } }, warnings: [warning] }
}
