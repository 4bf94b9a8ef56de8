import { upscalerCases, upscalerDifference } from '@pentimento/checkpoints/testing'
import { type ParityRow, worst } from './row.ts'

/** Small upscalers, against modules of torch that were written for it. */
export function upscalerRows(): ParityRow[] {
  return [...Map.groupBy(Object.keys(upscalerCases), (label) => label.split(' ')[0])].map(([kind, labels]) => ({
    group: 'Upscalers',
    subject: kind === 'esrgan' ? 'ESRGAN (RRDBNet)' : 'compact (SRVGGNet)',
    reference: 'torch, written anew',
    extent: `${labels.length} networks`,
    unit: "largest difference of the network's answer, relative to its largest value",
    limit: 2e-5,
    varies: 'the last digits of sums differ with the processor',
    async measure() {
      const found: number[] = []
      for (const label of labels) found.push(await upscalerDifference(label))
      return worst(found)
    },
  }))
}
