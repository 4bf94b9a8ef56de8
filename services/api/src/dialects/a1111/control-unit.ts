import type { ControlType } from '@pentimento/vocabulary'
import { fieldProblem } from '../../http/problem.ts'
import { type ControlModule, findModule, moduleNames, resolution, thresholdOf } from './control-modules.ts'
import { unitPictures } from './control-pictures.ts'
import { unionType } from './union-types.ts'
import { flagOf, numberOf, type Sent, textOf } from './values.ts'

/** A unit of sd-webui-controlnet that is on, as its API defines it (`internal_controlnet/args.py`). */
export interface Unit {
  /** What errors call it. */
  name: string
  /** Its picture as text; null: the one that is painted over. */
  picture: string | null
  /** What it would be left out of; null without. */
  mask: string | null
  module: ControlModule
  model: string
  /** What kind of picture it is, for a union ControlNet; null: not said. */
  type: ControlType | null
  /** How its picture comes to the size of the painted one. */
  fit: 'stretch' | 'crop' | 'fill'
  weight: number
  start: number
  end: number
  /** Of `canny`. */
  thresholds: { low: number; high: number }
  /** The shorter side that `canny` shall look at; null: that of the painted picture. */
  resolution: number | null
}

/** What would have an effect wherever it is there, and has none here. */
const unknown = ['advanced_weighting', 'effective_region_mask', 'ipadapter_input', 'batch_images'] as const

/**
 * Reads a unit that is on.
 *
 * @param hires whether there is a second painting, at a larger size
 * @throws HttpProblem for what is none, and for what would have an effect that it cannot have here
 */
export function readUnit(given: Sent, i: number, { hires }: { hires: boolean }): Unit {
  const name = `ControlNet unit ${i}`
  const own = (field: string) => `${name} ${field}`
  const sent: Sent = Object.fromEntries(
    Object.entries(given).map(([field, value]) => [own(renamed[field.toLowerCase()] ?? field.toLowerCase()), value]),
  )
  const number = (field: string, usual: number) => numberOf(sent, own(field), usual, { min: -1e9, max: 1e9 })
  refuseOther(sent, own, hires)
  const module = moduleOf(textOf(sent, own('module'), 'none'), own('module'))
  const model = textOf(sent, own('model'), 'None')
  if (/^none$/i.test(model)) throw fieldProblem('invalid_fields', own('model'), 'You have not selected any model')
  const [start, end] = [number('guidance_start', 0), number('guidance_end', number('guidance', 1))]
  if (module.does === 'reference' && (start !== 0 || end !== 1))
    throw fieldProblem('not_supported', own('guidance_start'), 'an IP-Adapter counts in all steps here')
  const size = number('processor_res', -1)
  const isSized = module.does === 'canny' && size >= resolution.least && !flagOf(sent, own('pixel_perfect'), false)
  return {
    name,
    ...unitPictures(sent[own('image')], sent[own('mask')], name),
    module,
    model,
    type: unionType(textOf(sent, own('union_control_type'), ''), own('union_control_type')),
    fit: fitOf(sent[own('resize_mode')], own('resize_mode')),
    weight: number('weight', 1),
    start,
    end,
    thresholds: {
      low: thresholdOf(number('threshold_a', -1), 'low'),
      high: thresholdOf(number('threshold_b', -1), 'high'),
    },
    resolution: isSized ? size : null,
  }
}

/** What older clients, and those of Forge, call a field. */
const renamed: Record<string, string> = { input_image: 'image', mask_image: 'mask', guess_mode: 'guessmode' }

function moduleOf(named: string, field: string): ControlModule {
  const module = findModule(named)
  if (module) return module
  const detail = `module(${named.slice(0, 100)}) not found in supported modules: ${moduleNames().join(', ')}`
  throw fieldProblem('not_supported', field, detail)
}

const fits: readonly (readonly [Unit['fit'], RegExp])[] = [
  ['stretch', /^(0|just resize)$/i],
  ['crop', /^(1|crop and resize|scale to fit \(inner fit\)|inner fit \(scale to fit\)|resizemode\.inner_fit)$/i],
  ['fill', /^(2|resize and fill|envelope \(outer fit\)|outer fit \(shrink to fit\)|resizemode\.outer_fit)$/i],
]

function fitOf(value: unknown, field: string): Unit['fit'] {
  if (value === undefined || value === null || value === '') return 'crop'
  const [fit] = fits.find(([, names]) => names.test(String(value))) ?? []
  if (fit) return fit
  throw fieldProblem('invalid_fields', field, 'must be Just Resize, Crop and Resize or Resize and Fill')
}

function refuseOther(sent: Sent, own: (field: string) => string, hires: boolean): void {
  const mode = sent[own('control_mode')]
  const isBalanced = mode === undefined || mode === null || /^(|0|balanced|controlmode\.balanced)$/i.test(String(mode))
  if (!isBalanced || flagOf(sent, own('guessmode'), false))
    throw fieldProblem('not_supported', own('control_mode'), 'only Balanced is there')
  const passes = textOf(sent, own('hr_option'), 'Both')
  if (hires && !/both$/i.test(passes))
    throw fieldProblem('not_supported', own('hr_option'), 'a unit counts in both passes here')
  for (const field of unknown) {
    const value = sent[own(field)]
    const isNothing = value === undefined || value === null || value === '' || (Array.isArray(value) && !value.length)
    if (!isNothing) throw fieldProblem('not_supported', own(field), 'is not there')
  }
}
