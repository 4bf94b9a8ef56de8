import { loraCases, loraDifference } from '@pentimento/checkpoints/testing'
import { type ParityRow, worst } from './row.ts'

/** LoRAs folded into small networks, against those who trained them: LyCORIS' own modules, and PEFT. */
export function loraRows(): ParityRow[] {
  return [...Map.groupBy(Object.keys(loraCases), familyOf)].map(([family, labels]) => ({
    group: 'LoRAs',
    subject: family,
    reference: family.startsWith('PEFT') ? 'PEFT, through diffusers' : 'LyCORIS',
    extent: `${labels.length} cases`,
    unit: "largest difference of the network's answer, relative to its largest value",
    limit: 2e-5,
    varies: 'the last digits of sums differ with the processor',
    async measure() {
      const found: number[] = []
      for (const label of labels) found.push(await loraDifference(label))
      return worst(found)
    },
  }))
}

/** A case is called by its family first. */
function familyOf(label: string): string {
  if (label === 'text') return 'in a text encoder'
  if (label.startsWith('peft')) return 'PEFT'
  const names = {
    locon: 'LoRA and LoCon',
    dora: 'DoRA',
    loha: 'LoHa',
    lokr: 'LoKr',
    full: 'full differences',
    norms: 'norms',
  }
  return Object.entries(names).find(([start]) => label.startsWith(start))?.[1] ?? label
}
