import { controlTypes } from './control-types.ts'
import type { Fields } from './field.ts'

/** How often a job may be guided by a picture; each time's fields begin so. */
export const controlNames = ['control', 'control_2', 'control_3'] as const
export type ControlName = (typeof controlNames)[number]

const own = {
  model: {
    type: 'name',
    nullable: true,
    text: 'A ControlNet or T2I-Adapter, by the name that `/v1/models` lists, that holds the result to the control image. Omitted: none.',
  },
  scale: { type: 'number', min: 0, max: 2, default: 1, nullable: true, text: 'How strongly it counts.' },
  start: { type: 'number', min: 0, max: 1, default: 0, nullable: true, text: 'From which share of the steps on.' },
  end: { type: 'number', min: 0, max: 1, default: 1, nullable: true, text: 'Up to which share of the steps.' },
  type: {
    type: 'choice',
    values: controlTypes,
    nullable: true,
    text: 'For a union ControlNet alone: what kind of picture it is given. `scribble` are thick soft lines (HED, PiDiNet), `lineart` thin ones (Canny, MLSD), `segment` areas of one colour each; `/v1/models` says which of them a file has. Omitted: `lineart` with `canny`, `inpaint` with the preprocessor of that name, else it must be sent.',
  },
  preprocessor: {
    type: 'choice',
    values: ['none', 'canny', 'invert', 'inpaint'],
    usual: 'none',
    nullable: true,
    text: "What is made of the control image: nothing; its edges, white on black (OpenCV's Canny); its negative; or, for an inpaint ControlNet, what the mask repaints is left open. Omitted: `inpaint` where a mask is there and the ControlNet's name or the type says so, else `none`.",
  },
  canny_low: {
    type: 'integer',
    min: 1,
    max: 255,
    default: 100,
    nullable: true,
    text: "Of `canny`: what changes less than that is no edge. OpenCV's first threshold.",
  },
  canny_high: {
    type: 'integer',
    min: 1,
    max: 255,
    default: 200,
    nullable: true,
    text: "Of `canny`: what changes more than that is one, and what hangs together with it. OpenCV's second threshold.",
  },
} as const satisfies Fields

type Own = typeof own
type Prefixed<P extends string> = { [K in keyof Own as `${P}_${K}`]: Own[K] }

function prefixed<P extends ControlName>(prefix: P): Prefixed<P> {
  const number = prefix.slice('control_'.length)
  const text = (name: string, first: string) =>
    number === '' ? first : `As \`control_${name}\`, of control ${number}.`
  const fields = Object.entries(own).map(([name, field]) => [
    `${prefix}_${name}`,
    { ...field, text: text(name, field.text) },
  ])
  return Object.fromEntries(fields) as Prefixed<P>
}

/** Networks that hold a result to pictures, up to three at once. */
export const controlFields = { ...prefixed('control'), ...prefixed('control_2'), ...prefixed('control_3') }

export type ControlPreprocessor = Own['preprocessor']['values'][number]
