import { CheckpointError, quote } from '../errors.ts'
import { isObject, type JsonObject } from '../read-json.ts'

/**
 * What a member of a part's config.json may be; whatever is not named here follows from the weights, or does not change
 * a picture.
 */
type Allowed = Record<string, readonly unknown[]>

const unet: Allowed = {
  _class_name: ['UNet2DConditionModel'],
  act_fn: ['silu', 'swish'],
  addition_embed_type: [null, 'text_time'],
  attention_type: ['default'],
  center_input_sample: [false],
  class_embed_type: [null],
  conv_in_kernel: [3],
  conv_out_kernel: [3],
  cross_attention_norm: [null],
  dual_cross_attention: [false],
  encoder_hid_dim: [null],
  encoder_hid_dim_type: [null],
  flip_sin_to_cos: [true],
  freq_shift: [0],
  mid_block_only_cross_attention: [null, false],
  mid_block_scale_factor: [1],
  // Some distilled models have none, or none that reads the text.
  mid_block_type: [null, 'UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'],
  norm_eps: [1e-5],
  norm_num_groups: [32],
  num_class_embeds: [null],
  only_cross_attention: [false],
  resnet_out_scale_factor: [1],
  resnet_skip_time_act: [false],
  resnet_time_scale_shift: ['default'],
  time_embedding_act_fn: [null],
  time_embedding_type: ['positional'],
  timestep_post_act: [null],
}

const vae: Allowed = {
  _class_name: ['AutoencoderKL'],
  act_fn: ['silu', 'swish'],
  norm_num_groups: [32],
  latent_channels: [4],
  shift_factor: [null, 0],
  latents_mean: [null],
  latents_std: [null],
}

const text: Allowed = {
  hidden_act: ['quick_gelu', 'gelu'],
  layer_norm_eps: [1e-5],
}

/**
 * Refuses a part whose config says what no graph here is written for, instead of painting something else.
 *
 * @throws CheckpointError naming the member
 */
export function checkConfig(part: 'unet' | 'vae' | 'text_encoder' | 'text_encoder_2', config: JsonObject): void {
  const allowed = part === 'unet' ? unet : part === 'vae' ? vae : text
  for (const [member, values] of Object.entries(allowed)) {
    const value = config[member]
    if (value === undefined || values.includes(value)) continue
    throw new CheckpointError(
      `${part}/config.json has ${member} ${quote(isObject(value) ? 'an object' : String(value))}, which is not supported.`,
    )
  }
}
