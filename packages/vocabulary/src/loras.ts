/** A LoRA and how strongly it counts: in the UNet, and in the text encoders. */
export interface LoraUse {
  name: string
  weight: number
  text_weight: number
}

/** How strongly a LoRA may count, either way. */
export const heaviestLora = 10

interface TakenLoras {
  /** Without the tags. */
  prompt: string
  loras: LoraUse[]
  /** What is wrong with a tag, or null. */
  problem: string | null
}

/**
 * AUTOMATIC1111's `<lora:name:weight>` out of a prompt, by its rules (modules/extra_networks.py,
 * extensions-builtin/Lora/extra_networks_lora.py): the first number is the text encoders', the second the UNet's, which
 * is the same where it is missing, and 1 where both are; `te=` and `unet=` name them. A LoRA that is named again counts
 * by its last numbers, as often as it is named. `lyco` is its older name.
 */
export function takeLoras(prompt: string): TakenLoras {
  const loras: LoraUse[] = []
  let problem: string | null = null
  const rest = prompt.replace(/<(lora|lyco):([^>]+)>/g, (tag, _, list: string) => {
    const read = readTag(list)
    if (typeof read === 'string') problem ??= `${tag}: ${read}`
    else loras.push(read)
    return ''
  })
  const last = new Map(loras.map((lora) => [lora.name, lora]))
  const times = (name: string) => loras.filter((lora) => lora.name === name).length
  const counted = [...last.values()].map(({ name, weight, text_weight }) => ({
    name,
    weight: weight * times(name),
    text_weight: text_weight * times(name),
  }))
  return { prompt: rest, loras: counted, problem }
}

function readTag(list: string): LoraUse | string {
  const positional: string[] = []
  const named = new Map<string, string>()
  for (const item of list.split(':')) {
    const parts = item.split('=')
    if (parts.length === 2) named.set(parts[0] ?? '', parts[1] ?? '')
    else positional.push(item)
  }
  const [name = '', text = '1', , rank] = positional
  if (name === '') return 'it names no LoRA'
  if (rank !== undefined || named.has('dyn')) return 'a part of the rank (dyn) is not supported'
  const text_weight = toNumber(named.get('te') ?? text)
  const weight = toNumber(named.get('unet') ?? positional[2] ?? named.get('te') ?? text)
  if (text_weight === null || weight === null) return 'its weights are to be numbers'
  if (Math.max(Math.abs(weight), Math.abs(text_weight)) > heaviestLora)
    return `a LoRA may count from -${heaviestLora} to ${heaviestLora} times`
  return { name, weight, text_weight }
}

/** As Python reads one. */
function toNumber(text: string): number | null {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : null
}
