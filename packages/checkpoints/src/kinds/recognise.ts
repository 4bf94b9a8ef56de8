import { quote } from '../errors.ts'
import type { Tensor } from '../weights.ts'
import type { Kind, Recognised } from './kind.ts'
import { otherArchitecture } from './other-architectures.ts'

type Rule = readonly [Kind, string, RegExp]

/** The first that finds a name holds. What has weights of its own beside a UNet's comes before the UNet. */
const rules: readonly Rule[] = [
  [
    'unsupported',
    'made of numbers that another program packed with scales of its own. Take the F16, BF16, F32 or plain F8 file',
    /(^|\.)(scaled_fp8|scale_weight|weight_scale|comfy_quant|absmax)$/,
  ],
  ['unsupported', 'a Control-LoRA, which is not supported. Take the full ControlNet', /^lora_controlnet$/],
  ['unsupported', 'a ControlNet-LLLite, which is not supported. Take the full ControlNet', /^lllite_/],
  [
    'unsupported',
    'a ControlNet that holds the difference to its base model alone, which is not supported. Take the full ControlNet',
    /^difference$/,
  ],
  // FaceID's files hold a LoRA, too.
  ['ip-adapter', 'an IP-Adapter', /^ip_adapter\.\d+\.to_k_ip\.weight$/],
  [
    'lora',
    'a LoRA',
    /(\.lora_(down|up)|\.lora_[AB](\.\w+)?|[._]lora\.(down|up))\.weight$|\.(hada_w1_a|lokr_w1(_a)?|oft_blocks|oft_diag|dora_scale|w_norm|diff|alpha)$/,
  ],
  ['controlnet', 'a union ControlNet', /^(task_embedding|control_add_embedding\.linear_1\.weight)$/],
  [
    'controlnet',
    'a ControlNet',
    /^(control_model\.)?zero_convs\.0\.0\.weight$|^controlnet_cond_embedding\.conv_in\.weight$/,
  ],
  ['unsupported', 'a ControlNet for a transformer, which is not supported', /^controlnet_blocks\.0\.weight$/],
  ['t2i-adapter', 'a T2I-Adapter', /^(adapter\.)?body\.\d+\.(in_conv|((resnets|body)\.\d+\.)?block1)\.weight$/],
  ['safety-checker', 'a safety checker', /^concept_embeds$/],
  [
    'image-encoder',
    "an image encoder (CLIP's)",
    /^(vision_model\.embeddings\.patch_embedding\.weight|visual\.conv1\.weight)$/,
  ],
  [
    'upscaler',
    'an upscaler (ESRGAN)',
    /^(params(_ema)?\.)?(model\.1\.sub\.0\.RDB1\.conv1\.0\.weight|body\.0\.rdb1\.conv1\.weight|RRDB_trunk\.0\.RDB1\.conv1\.weight)$/,
  ],
  ['upscaler', 'an upscaler (compact ESRGAN)', /^(params(_ema)?\.)?body\.0\.weight$/],
  [
    'unsupported',
    'a tiny VAE for previews (TAESD), which is not supported',
    /^(taesd_(de|en)coder\.)\d+\.|^3\.conv\.0\.weight$/,
  ],
]

/** Of files that hold one network alone. */
const aloneRules: readonly Rule[] = [
  ['vae', 'a VAE', /^(first_stage_model\.|vae\.)?decoder\.conv_in\.weight$/],
  [
    'text-encoder',
    "a text encoder (CLIP's)",
    /^(text_model\.)?encoder\.layers\.0\.self_attn\.q_proj\.weight$|^transformer\.resblocks\.0\.attn\.in_proj_weight$/,
  ],
]

const ldmUnet: Rule = [
  'checkpoint',
  'a Stable Diffusion checkpoint',
  /^((model\.)?diffusion_model\.)?input_blocks\.0\.0\.weight$/,
]
const diffusersUnet: Rule = [
  'unsupported',
  "a UNet in diffusers' layout without the folder that belongs to it. Put it back as unet/diffusion_pytorch_model.safetensors into the model's folder, beside model_index.json",
  /^(unet\.)?down_blocks\.0\.resnets\.0\.conv1\.weight$/,
]

/**
 * Tells what a safetensors file is from the names that it holds; shapes only say whether something small is an
 * embedding.
 */
export function recognise(tensors: ReadonlyMap<string, Tensor>): Recognised {
  const names = [...tensors.keys()]
  const first = (list: readonly Rule[]): Recognised | null => {
    for (const [kind, what, pattern] of list) {
      const name = names.find((candidate) => pattern.test(candidate))
      if (name !== undefined) return { kind, what, told: `it has ${quote(name)}` }
    }
    return null
  }
  return (
    first(rules) ??
    otherArchitecture(names) ??
    first([ldmUnet, diffusersUnet]) ??
    first(aloneRules) ??
    embedding(tensors) ?? {
      kind: 'unsupported',
      what: names.some((name) => name.startsWith('model_ema.'))
        ? 'a checkpoint with nothing but the averaged copy (EMA) that training keeps, which is not supported'
        : 'nothing that is known here',
      told: names.length === 0 ? 'it is empty' : `its ${names.length} names begin with ${quote(names[0] ?? '')}`,
    }
  )
}

/** A word's vectors: one or two short tables and nothing else. */
function embedding(tensors: ReadonlyMap<string, Tensor>): Recognised | null {
  const isTable = ({ shape, dtype }: Tensor) => shape.length > 0 && shape.length <= 2 && /^(B?F16|F32)$/.test(dtype)
  if (tensors.size === 0 || tensors.size > 2 || ![...tensors.values()].every(isTable)) return null
  const [name = ''] = tensors.keys()
  const isNamed = /^(emb_params|string_to_param\..+|clip_[lg])$/.test(name)
  if (!isNamed && (tensors.size > 1 || name.includes('.'))) return null
  return { kind: 'embedding', what: 'an embedding (textual inversion)', told: `it has ${quote(name)} and little else` }
}
