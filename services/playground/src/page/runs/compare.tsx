import { useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'

export type Zoom = 'fit' | '1' | '2' | '4'

interface CompareProps {
  before: Blob
  /** Address of the result. */
  after: string
  alt: string
  width: number
  height: number
  zoom: Zoom
  /** How the input was brought to the result's size: `object-fit` of the picture before. */
  fit: 'fill' | 'cover' | 'contain'
}

/** The result over its input, with a slider that uncovers one or the other. */
export function Compare({ before, after, alt, width, height, zoom, fit }: CompareProps): JSX.Element {
  const split = useSignal(0)
  const percent = useComputed(() => `${split.value}%`)
  const beforeAddress = useMemo(() => URL.createObjectURL(before), [before])
  useEffect(() => () => URL.revokeObjectURL(beforeAddress), [beforeAddress])
  const style = {
    '--split': percent.value,
    '--ratio': width / height,
    ...(zoom !== 'fit' && { width: `${width * Number(zoom)}px` }),
  }
  return (
    <div class={`compare ${zoom === 'fit' ? 'fit' : 'zoomed'}`}>
      <div class="compare-frame" style={style}>
        <img class="after" src={after} alt={alt} />
        <img class="before" src={beforeAddress} alt="The input" style={{ objectFit: fit }} />
        <span class="divider" hidden={split.value === 0 || split.value === 100} />
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
      </div>
    </div>
  )
}
