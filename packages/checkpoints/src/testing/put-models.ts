import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { imageEncoderShapes, ipAdapterShapes } from './ip-adapters.ts'
import { numberedFile } from './numbered-file.ts'
import { ldmTensors } from './tiny-checkpoints.ts'
import { adapterTensors, controlNetTensors, unionTensors } from './tiny-controls.ts'
import { upscalerFile } from './upscalers.ts'

/**
 * Fills a folder of models: a small checkpoint, `mine`, and something of each kind beside it: a LoRA that brings a word
 * along, an embedding, an IP-Adapter with its encoder, ControlNets (a union, one of another family) and an upscaler.
 */
export async function putModels(models: string): Promise<void> {
  const tensors = ldmTensors('sd1', 'F16')
  const [, words = 0] =
    tensors.get('cond_stage_model.transformer.text_model.embeddings.token_embedding.weight')?.shape ?? []
  const [width = 0] =
    tensors.get('model.diffusion_model.middle_block.1.transformer_blocks.0.attn1.to_q.weight')?.shape ?? []
  const wide = [...tensors].map(([name, { dtype, shape }]) => {
    const all = name.includes('token_embedding') ? [49_408, ...shape.slice(1)] : shape
    return [name, { dtype, shape: all }] as const
  })
  const layer = 'lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q'
  const file = (shapes: Record<string, number[]>) =>
    numberedFile(new Map(Object.entries(shapes).map(([name, shape]) => [name, { dtype: 'F32', shape }])))
  const lora = {
    [`${layer}.lora_up.weight`]: [width, 4],
    [`${layer}.lora_down.weight`]: [4, width],
    'bundle_emb.sks.string_to_param.*': [2, words],
  }
  const crossed = ['input', 'output', 'middle'].flatMap((part) =>
    [...tensors].filter(([name]) => new RegExp(`\\.${part}_block.*attn2\\.to_k\\.weight$`).test(name)),
  )
  const adapter = ipAdapterShapes('plain', {
    context: crossed[0]?.[1].shape[1] ?? 0,
    widths: crossed.map(([, { shape }]) => shape[0] ?? 0),
    reads: 24,
  })
  for (const folder of ['loras', 'embeddings', 'upscalers', 'ip-adapter', 'image-encoder/eye'])
    await mkdir(join(models, folder), { recursive: true })
  await writeFile(join(models, 'ip-adapter/like.safetensors'), file(adapter))
  await writeFile(join(models, 'image-encoder/eye/model.safetensors'), file(imageEncoderShapes({ projected: 24 })))
  // As wide as each level down, which ends with that many channels.
  const levels = [1, 4, 7, 10].map(
    (block) => tensors.get(`model.diffusion_model.input_blocks.${block}.0.out_layers.3.bias`)?.shape[0] ?? 0,
  )
  const controls = {
    edges: controlNetTensors('sd1'),
    sketch: adapterTensors(levels),
    union: unionTensors('sd1'),
    xl: controlNetTensors('sdxl'),
  }
  await mkdir(join(models, 'controlnet'))
  for (const [name, control] of Object.entries(controls))
    await writeFile(join(models, `controlnet/${name}.safetensors`), numberedFile(control))
  await writeFile(join(models, 'mine.safetensors'), numberedFile(new Map(wide)))
  await writeFile(join(models, 'mine.json'), '{"heads":{"text_encoder":1}}')
  await writeFile(join(models, 'upscalers/sharp.safetensors'), upscalerFile('compact x2'))
  await writeFile(join(models, 'loras/bold.safetensors'), file(lora))
  await writeFile(join(models, 'embeddings/mood.safetensors'), file({ emb_params: [3, words] }))
}
