import { type Extension, extendedSize } from '@pentimento/vocabulary'
import { useComputed, useSignal } from '@preact/signals'
import { ChevronsLeftRight } from 'lucide'
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { Icon } from '../chrome/icon.tsx'

export type Zoom = 'fit' | '1' | '2' | '4'

interface CompareProps {
  /** Null where there was no input: the result stands alone. */
  before: Blob | null
  /** Address of the result. */
  after: string
  alt: string
  width: number
  height: number
  zoom: Zoom
  /** How the input was brought to the result's size: `object-fit` of the picture before. */
  fit: 'fill' | 'cover' | 'contain'
  /** By how much the canvas grew beyond the input. */
  extension: Extension | null
}

/**
 * The result over its input, with a slider that uncovers one or the other. The whole picture is the slider as long as
 * it fits; a magnified one is dragged about, and has the slider below it.
 */
export function Compare({ before, after, alt, width, height, zoom, fit, extension }: CompareProps): JSX.Element {
  const pane = useRef<HTMLDivElement>(null)
  const split = useSignal(0)
  const percent = useComputed(() => `${split.value}%`)
  const beforeAddress = useMemo(() => before && URL.createObjectURL(before), [before])
  const place = useSignal<object>({})
  const fits = zoom === 'fit'
  useEffect(() => () => beforeAddress === null || URL.revokeObjectURL(beforeAddress), [beforeAddress])
  useEffect(() => {
    const { current } = pane
    current?.scrollTo(
      (current.scrollWidth - current.clientWidth) / 2,
      (current.scrollHeight - current.clientHeight) / 2,
    )
  }, [zoom])
  const slider = beforeAddress !== null && (
    <input
      type="range"
      min={0}
      max={100}
      value={split.value}
      aria-label="Before and after"
      aria-valuetext={`${split.value} % of the input uncovered`}
      onInput={({ currentTarget }) => {
        split.value = Number(currentTarget.value)
      }}
    />
  )
  return (
    <>
      <div
        ref={pane}
        class={`compare ${fits ? 'fit' : 'zoomed'}`}
        {...(!fits && { tabIndex: 0, role: 'group', 'aria-label': 'Magnified picture' })}
        onPointerMove={(event) => {
          // Fingers scroll by themselves.
          if (!fits && event.pointerType === 'mouse' && event.buttons === 1)
            event.currentTarget.scrollBy(-event.movementX, -event.movementY)
        }}
      >
        <div
          class="compare-frame"
          style={{
            '--split': percent.value,
            '--ratio': width / height,
            width: fits ? undefined : `${width * Number(zoom)}px`,
          }}
        >
          <img class="after" src={after} alt={alt} draggable={false} />
          {beforeAddress !== null && (
            <>
              <div class="before">
                <img
                  src={beforeAddress}
                  alt="The input"
                  draggable={false}
                  style={{ objectFit: fit, ...place.value }}
                  onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
                    if (extension) place.value = placeOn(extension, { width: naturalWidth, height: naturalHeight })
                  }}
                />
              </div>
              <span class="divider" hidden={split.value === 0 || split.value === 100} />
              <span class="handle" hidden={!fits}>
                <Icon of={ChevronsLeftRight} size={20} />
              </span>
            </>
          )}
          {fits && slider}
        </div>
      </div>
      {slider &&
        (fits ? (
          <p class="hint compare-hint">Drag across the picture to uncover the input.</p>
        ) : (
          <div class="compare-below">{slider}</div>
        ))}
    </>
  )
}

/** Where an input lies on the canvas that it grew to. */
function placeOn(by: Extension, input: { width: number; height: number }): object {
  const canvas = extendedSize(input, by)
  const part = (pixels: number, of: number) => `${(pixels * 100) / of}%`
  return {
    left: part(by.extend_left, canvas.width),
    top: part(by.extend_top, canvas.height),
    width: part(input.width, canvas.width),
    height: part(input.height, canvas.height),
  }
}
