import { extendFields } from '@pentimento/vocabulary'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { mode, picture } from '../state/board.ts'
import { type ExtendName, extendNames, extendTo, extension } from '../state/extension.ts'
import { sentSize } from '../state/picture.ts'

/** Which way is outwards, and what the side is called. */
const sides: Record<ExtendName, { label: string; across: -1 | 0 | 1; down: -1 | 0 | 1 }> = {
  extend_left: { label: 'left', across: -1, down: 0 },
  extend_top: { label: 'top', across: 0, down: -1 },
  extend_right: { label: 'right', across: 1, down: 0 },
  extend_bottom: { label: 'bottom', across: 0, down: 1 },
}
const keySteps: Record<string, number> = { ArrowUp: 8, ArrowRight: 8, ArrowDown: -8, ArrowLeft: -8 }

/** A handle at each side of the picture that is inpainted: dragged outwards, the canvas grows there. */
export function ExtendHandles(): JSX.Element | null {
  if (mode.value !== 'inpaint') return null
  return (
    <>
      {extendNames.map((name) => (
        <Handle key={name} name={name} />
      ))}
    </>
  )
}

function Handle({ name }: { name: ExtendName }): JSX.Element {
  const { label, across, down } = sides[name]
  const by = extension.value[name]
  /** Where a drag began, on the screen, and how many pixels of the picture a pixel of it stands for. */
  const start = useSignal<{ at: number; by: number; scale: number } | null>(null)
  const along = (event: PointerEvent) => event.clientX * across + event.clientY * down
  return (
    <div
      id={name}
      class={`extend-handle ${label}`}
      role="slider"
      tabIndex={0}
      aria-label={`Extend the canvas at the ${label}`}
      aria-orientation={across === 0 ? 'vertical' : 'horizontal'}
      aria-valuemin={0}
      aria-valuemax={extendFields[name].max}
      aria-valuenow={by}
      aria-valuetext={`${by} pixels`}
      title={`Drag to extend the canvas at the ${label}`}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.focus({ preventScroll: true })
        event.currentTarget.setPointerCapture(event.pointerId)
        const shown = event.currentTarget.parentElement?.querySelector('.board')?.getBoundingClientRect()
        start.value = { at: along(event), by, scale: sentSize(picture.value).width / (shown?.width ?? 1) }
      }}
      onPointerMove={(event) => {
        const from = start.value
        if (from) extendTo(name, from.by + (along(event) - from.at) * from.scale)
      }}
      onLostPointerCapture={() => {
        start.value = null
      }}
      onKeyDown={(event) => {
        const next = { Home: 0, End: extendFields[name].max }[event.key]
        const step = keySteps[event.key]
        if (next === undefined && step === undefined) return
        event.preventDefault()
        extendTo(name, next ?? by + (step ?? 0) * (event.shiftKey ? 8 : 1))
      }}
    >
      {by > 0 && <span aria-hidden="true">+{by}</span>}
    </div>
  )
}
