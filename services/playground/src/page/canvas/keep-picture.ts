import type { JobSource } from '@pentimento/contracts'
import { effect } from '@preact/signals'
import { createStore, del, get, set } from 'idb-keyval'
import { type Mode, mode, picture, revision, startWith, untouched } from '../state/board.ts'
import { newLayer, type Picture, pngOf } from '../state/picture.ts'

const quietMs = 800
const store = createStore('pentimento-board', 'board')
const name = 'picture'

interface KeptPicture {
  mode: Mode
  ground: Blob
  paint: Blob
  mask: Blob
  source: Blob | null
  /** Pictures that an earlier page kept have none. */
  origin?: JobSource | null
}

/**
 * Brings back what was on the board before a reload, then keeps it whenever painting pauses. Where the browser keeps
 * nothing, a reload starts anew.
 */
export async function keepPicture(): Promise<void> {
  const kept = await get<KeptPicture>(name, store).catch(() => undefined)
  if (kept !== undefined) await restore(kept).catch(() => undefined)
  let timer: ReturnType<typeof setTimeout> | undefined
  let first = true
  effect(() => {
    revision.value
    const now = { picture: picture.value, mode: mode.value, untouched: untouched.value }
    clearTimeout(timer)
    if (!first) timer = setTimeout(() => void keep(now).catch(() => undefined), quietMs)
    first = false
  })
}

async function keep({ picture, mode, untouched }: { picture: Picture; mode: Mode; untouched: boolean }): Promise<void> {
  if (untouched) return del(name, store)
  const { ground, paint, mask, source, origin } = picture
  const kept: KeptPicture = {
    mode,
    ground: await pngOf(ground),
    paint: await pngOf(paint),
    mask: await pngOf(mask),
    source: source && (await pngOf(source)),
    origin,
  }
  await set(name, kept, store)
}

async function restore(kept: KeptPicture): Promise<void> {
  const ground = await layerOf(kept.ground)
  const { width, height } = ground.canvas
  const source = kept.source && (await layerOf(kept.source))
  const [paint, mask] = await Promise.all([layerOf(kept.paint), layerOf(kept.mask)])
  startWith({ width, height, ground, paint, mask, source, origin: kept.origin ?? null }, true)
  mode.value = kept.mode
}

async function layerOf(file: Blob): Promise<CanvasRenderingContext2D> {
  const bitmap = await createImageBitmap(file)
  const layer = newLayer(bitmap.width, bitmap.height)
  layer.drawImage(bitmap, 0, 0)
  bitmap.close()
  return layer
}
