import { type Extension, extendedSize, extendFields } from '@pentimento/vocabulary'
import { computed, type ReadonlySignal } from '@preact/signals'
import { mode, picture } from './board.ts'
import { fitSizeTo, model } from './models.ts'
import { sentSize } from './picture.ts'
import { change, settings } from './settings.ts'

export type ExtendName = keyof Extension
export const extendNames = Object.keys(extendFields) as ExtendName[]

/** Pixels of the picture that is sent come in steps that every model can paint. */
const step = 8

/** What a picture that is new on the board begins with. */
export const noExtension = { extend_left: '0', extend_top: '0', extend_right: '0', extend_bottom: '0' }

/** By how much the canvas grows beyond the picture, in pixels of the picture that is sent. */
export const extension = computed((): Extension => {
  const by = (name: ExtendName) => (mode.value === 'inpaint' ? Number(settings.value[name]) || 0 : 0)
  return {
    extend_left: by('extend_left'),
    extend_top: by('extend_top'),
    extend_right: by('extend_right'),
    extend_bottom: by('extend_bottom'),
  }
})

interface Size {
  width: number
  height: number
}

/** The size of what is worked on: the picture with what it is extended by. */
export const canvasSize: ReadonlySignal<Size> = computed(() => extendedSize(sentSize(picture.value), extension.value))

/** Lets the canvas grow at one side to so many pixels, and the size that is asked for with it. */
export function extendTo(name: ExtendName, pixels: number): void {
  const before = canvasSize.value
  const by = Math.min(extendFields[name].max, Math.max(0, Math.round(pixels / step) * step))
  change({ [name]: String(by) })
  change(sizeAfter(before, canvasSize.value))
}

/** What was not scaled stays so, as long as the model can paint it; anything else keeps its shape. */
function sizeAfter(before: Size, after: Size): Partial<Record<'width' | 'height', string>> {
  const { width, height } = settings.value
  const wasOwn = width === String(before.width) && height === String(before.height)
  const { max = 0, multiple = step } = model.value?.sizes ?? {}
  const fits = [after.width, after.height].every((side) => side <= max && side % multiple === 0)
  if (wasOwn && fits) return { width: String(after.width), height: String(after.height) }
  return fitSizeTo(after.width / after.height)
}
