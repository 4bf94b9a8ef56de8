import { type ControlPreprocessor, controlFields } from '@pentimento/vocabulary'

/** What a preprocessor of the extension is here: one of ours, or a reader of reference pictures. */
export interface ControlModule {
  name: string
  /** What it is called on the extension's page. */
  alias: string
  does: ControlPreprocessor | 'reference'
}

const { control_canny_low: low, control_canny_high: high } = controlFields

/** Of pictures that a preprocessor looks at: their shorter side, in pixels. */
export const resolution = { least: 64, usual: 512, most: 2048 }

const modules: readonly ControlModule[] = [
  { name: 'none', alias: 'none', does: 'none' },
  { name: 'canny', alias: 'canny', does: 'canny' },
  { name: 'invert', alias: 'invert (from white bg & black line)', does: 'invert' },
  { name: 'inpaint', alias: 'inpaint_global_harmonious', does: 'inpaint' },
  // Keeps what lies outside of the mask besides, which every job with a mask does here.
  { name: 'inpaint_only', alias: 'inpaint_only', does: 'inpaint' },
  { name: 'ip-adapter-auto', alias: 'ip-adapter-auto', does: 'reference' },
  { name: 'ip-adapter_clip_sd15', alias: 'ip-adapter_clip_h', does: 'reference' },
  { name: 'ip-adapter_clip_sdxl', alias: 'ip-adapter_clip_g', does: 'reference' },
  {
    name: 'ip-adapter_clip_sdxl_plus_vith',
    alias: 'ip-adapter_clip_sdxl_plus_vith',
    does: 'reference',
  },
]

/** The one that is called so, in any case; undefined if there is none. */
export function findModule(named: string): ControlModule | undefined {
  const name = named.trim().toLowerCase()
  return modules.find((one) => one.name === name || one.alias === name)
}

export function moduleNames(byAlias = false): string[] {
  return modules.map(({ name, alias }) => (byAlias ? alias : name))
}

/** What `/controlnet/module_list` says of each: whether it needs no model, and its sliders. */
export function moduleDetails(byAlias: boolean): Record<string, unknown> {
  const slider = (name: string, value: number, min: number, max: number, step = 1) => ({ name, value, min, max, step })
  const { least, usual, most } = resolution
  const canny = [
    slider('Preprocessor Resolution', usual, least, most, 8),
    slider('Canny Low Threshold', low.default, low.min, low.max),
    slider('Canny High Threshold', high.default, high.min, high.max),
  ]
  return Object.fromEntries(
    modules.map(({ name, alias, does }) => [
      byAlias ? alias : name,
      { model_free: false, sliders: does === 'canny' ? canny : [] },
    ]),
  )
}

/** A threshold of `canny` as the extension reads it: what is out of its range is the usual one. */
export function thresholdOf(value: number, which: 'low' | 'high'): number {
  const field = { low, high }[which]
  return value >= field.min && value <= field.max ? Math.floor(value) : field.default
}
