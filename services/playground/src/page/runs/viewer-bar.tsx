import type { Signal } from '@preact/signals'
import { ChevronLeft, ChevronRight, X } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import type { Zoom } from './compare.tsx'

const zooms: { name: Zoom; label: string }[] = [
  { name: 'fit', label: 'Fit' },
  { name: '1', label: '1×' },
  { name: '2', label: '2×' },
  { name: '4', label: '4×' },
]
interface ViewerBarProps {
  zoom: Signal<Zoom>
  /** Of the picture among those beside it, from 0. */
  position: number
  count: number
  onTurn: (by: number) => void
  onClose: () => void
}

/** What stands above a picture: how large it is shown, the way to those beside it, the way out. */
export function ViewerBar({ zoom, position, count, onTurn, onClose }: ViewerBarProps): JSX.Element {
  return (
    <div class="viewer-bar">
      <fieldset class="segmented" aria-label="Zoom">
        {zooms.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            aria-pressed={zoom.value === name}
            onClick={() => {
              zoom.value = name
            }}
          >
            {label}
          </button>
        ))}
      </fieldset>
      {count > 1 && (
        <div class="row">
          <IconButton icon={ChevronLeft} label="Previous picture" onClick={() => onTurn(-1)} />
          <span class="position">
            {position + 1} / {count}
          </span>
          <IconButton icon={ChevronRight} label="Next picture" onClick={() => onTurn(1)} />
        </div>
      )}
      <IconButton icon={X} label="Close" onClick={onClose} />
    </div>
  )
}
