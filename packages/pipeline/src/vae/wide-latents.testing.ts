import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { integerField, lengthField } from '@pentimento/checkpoints'
import { openProtobuf } from '../onnx/protobuf.ts'

/** Latents beyond ±1.1 become infinite in float16, which ends at 65,504. */
const factor = 60_000

/**
 * Copies a float16 model and makes its VAE's latents 60,000 times as large: the encoder multiplies, the decoder
 * divides, the scaling factor makes up for it. In float32 it paints what the model painted; in float16 it overflows,
 * the encoder on its way out, the decoder on its way in.
 */
export async function withWideLatents(source: string, target: string): Promise<void> {
  await cp(source, target, { recursive: true })
  const encoder = join(target, 'vae_encoder/model.onnx')
  await writeFile(
    encoder,
    edited(encoder, { latent_parameters: 'narrow' }, { last: node('Mul', ['narrow', 'factor'], 'latent_parameters') }),
  )
  const decoder = join(target, 'vae_decoder/model.onnx')
  await writeFile(
    decoder,
    edited(decoder, { latent_sample: 'narrow' }, { first: node('Div', ['latent_sample', 'factor'], 'narrow') }),
  )
  const config = JSON.stringify({ scaling_factor: 0.18215 / factor })
  for (const part of ['vae_encoder', 'vae_decoder']) await writeFile(join(target, part, 'config.json'), config)
}

/** A graph whose operators call values by other names, with one more operator and the weight `factor`. */
function edited(
  path: string,
  names: Record<string, string>,
  { first, last }: { first?: Uint8Array; last?: Uint8Array },
): Uint8Array {
  const file = openProtobuf(path)
  const parts = [...file.fields(0, file.size)].map((field) => {
    if (field.number !== 7) return file.bytes(field.begin, field.end)
    const graph = [...file.fields(field.start, field.end)].map((inner) => {
      if (inner.number !== 1) return file.bytes(inner.begin, inner.end)
      const operator = [...file.fields(inner.start, inner.end)].map((part) => {
        const name = part.number <= 2 ? names[file.text(part)] : undefined
        return name === undefined ? file.bytes(part.begin, part.end) : lengthField(part.number, name)
      })
      return lengthField(1, operator)
    })
    const halves = new Uint8Array(Float16Array.of(factor).buffer)
    const weight = lengthField(5, [integerField(2, 10), lengthField(9, halves), lengthField(8, 'factor')])
    return lengthField(7, [...(first ? [first] : []), ...graph, ...(last ? [last] : []), weight])
  })
  file.close()
  return Buffer.concat(parts)
}

function node(type: string, inputs: string[], output: string): Uint8Array {
  return lengthField(1, [...inputs.map((name) => lengthField(1, name)), lengthField(2, output), lengthField(4, type)])
}
