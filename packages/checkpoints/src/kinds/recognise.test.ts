import { describe, expect, it } from 'vitest'
import { asRead, ldmTensors, tinyFamilies } from '../testing/tiny-checkpoints.ts'
import { recognise } from './recognise.ts'
import { whyNoCheckpoint } from './why-no-checkpoint.ts'

/** A file of these names, each a small matrix. */
const file = (names: string[], shape = [4, 4]) =>
  asRead(new Map(names.map((name) => [name, { dtype: 'F16' as const, shape }])))

const several = (start: string) => [start, 'a.b', 'c.d', 'e.f']

it.each(tinyFamilies)('a single file of %s is a checkpoint', (family) => {
  expect(recognise(asRead(ldmTensors(family)))).toMatchObject({ kind: 'checkpoint' })
})

describe('a file is told by its names:', () => {
  it.each([
    ['lora', 'lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight'],
    ['lora', 'unet.down_blocks.0.attentions.0.proj_in.lora_A.weight'],
    ['lora', 'unet.down_blocks.0.attn1.processor.to_q_lora.down.weight'],
    ['lora', 'lora_te_text_model_encoder_layers_0_mlp_fc1.hada_w1_a'],
    ['lora', 'lora_unet_mid_block.lokr_w1'],
    ['lora', 'lora_unet_mid_block.alpha'],
    ['controlnet', 'control_model.zero_convs.0.0.weight'],
    ['controlnet', 'controlnet_cond_embedding.conv_in.weight'],
    ['unsupported', 'lora_controlnet'],
    ['t2i-adapter', 'body.0.in_conv.weight'],
    ['t2i-adapter', 'adapter.body.0.resnets.1.block1.weight'],
    ['controlnet', 'task_embedding'],
    ['controlnet', 'control_add_embedding.linear_1.weight'],
    ['ip-adapter', 'ip_adapter.1.to_k_ip.weight'],
    ['safety-checker', 'concept_embeds'],
    ['image-encoder', 'vision_model.embeddings.patch_embedding.weight'],
    ['upscaler', 'model.1.sub.0.RDB1.conv1.0.weight'],
    ['upscaler', 'body.0.rdb1.conv1.weight'],
    ['unsupported', 'taesd_decoder.1.weight'],
    ['vae', 'decoder.conv_in.weight'],
    ['vae', 'first_stage_model.decoder.conv_in.weight'],
    ['text-encoder', 'text_model.encoder.layers.0.self_attn.q_proj.weight'],
    ['text-encoder', 'transformer.resblocks.0.attn.in_proj_weight'],
    ['checkpoint', 'input_blocks.0.0.weight'],
    ['unsupported', 'down_blocks.0.resnets.0.conv1.weight'],
    ['unsupported', 'model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight'],
    ['unsupported', 'double_blocks.0.img_attn.norm.key_norm.scale'],
    ['unsupported', 'model.diffusion_model.input_blocks.1.1.time_stack.0.norm1.weight'],
    ['unsupported', 'model_ema.diffusion_modelinput_blocks00weight'],
    ['unsupported', 'model.diffusion_model.out.2.scale_weight'],
    ['unsupported', 'something.else'],
  ])('%s', (kind, name) => {
    const found = recognise(file(several(name)))
    expect(found.kind).toBe(kind)
    expect(found.told).toContain(
      kind === 'unsupported' && name === 'something.else' ? 'names begin' : name.slice(0, 100),
    )
  })

  it('an embedding, by having little else', () => {
    for (const names of [['emb_params'], ['string_to_param.*'], ['clip_g', 'clip_l'], ['my-word']])
      expect(recognise(file(names, [2, 48])).kind).toBe('embedding')
    expect(recognise(file(['a', 'b'])).kind).toBe('unsupported')
    expect(recognise(file(['word'], [1, 2, 3])).kind).toBe('unsupported')
    expect(recognise(file([])).told).toBe('it is empty')
  })

  it('and says so where a checkpoint was looked for', () => {
    const said = (name: string) => whyNoCheckpoint(recognise(file(several(name))))
    expect(said('decoder.conv_in.weight')).toMatch(
      /^It is a VAE \(it has "decoder\.conv_in\.weight"\)\. It belongs into the folder vae\//,
    )
    expect(said('x.lora_down.weight')).toMatch(/^It is a LoRA .* It belongs into the folder loras\/ of MODELS_DIR\.$/)
    expect(said('double_blocks.0.img_attn.qkv.weight')).toMatch(
      /^It is a Flux model; only Stable Diffusion 1\.x, 2\.x and XL/,
    )
  })
})
