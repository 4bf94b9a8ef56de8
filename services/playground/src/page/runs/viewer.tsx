import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Compare, type Zoom } from './compare.tsx'
import { copyAddress, imageAddress } from './images.ts'
import { picturesBeside, viewed } from './viewed.ts'
import { ViewerBar } from './viewer-bar.tsx'
import { ViewerSide } from './viewer-side.tsx'

const fits = { stretch: 'fill', latent: 'fill', crop: 'cover', fill: 'contain' } as const

/** One result in large: before and after, zoom, what made it and what can be made of it. */
export function Viewer(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  const zoom = useSignal<Zoom>('fit')
  const shown = viewed.value
  const job = shown?.run.job.value ?? null
  const image = job?.images[shown?.index ?? 0]
  const open = job !== null && image !== undefined

  useEffect(() => {
    if (open && !dialog.current?.open) dialog.current?.showModal()
    else if (!open && dialog.current?.open) dialog.current.close()
  }, [open])

  const siblings = shown === null ? [] : picturesBeside(shown.run)
  const position = siblings.findIndex(({ run, index }) => run === shown?.run && index === shown.index)

  const close = () => {
    viewed.value = null
    zoom.value = 'fit'
  }
  const turn = (by: number) => {
    const next = siblings[(position + by + siblings.length) % siblings.length]
    if (next) viewed.value = next
  }
  const result = open ? imageAddress(job.id, image.index) : null
  // Until the result is there, or where the service has let it go, its small copy is shown.
  const copy = open ? shown?.run.stored.thumbnails?.[job.images.indexOf(image)] : undefined
  const address = result?.address ?? (copy ? copyAddress(copy) : null)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it, as Escape does.
    <dialog
      ref={dialog}
      class="viewer"
      aria-label="Picture"
      onCancel={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      {open && shown && (
        <>
          <div class="viewer-picture">
            <ViewerBar zoom={zoom} position={position} count={siblings.length} onTurn={turn} onClose={close} />
            {result?.gone && (
              <p class="hint" role="status">
                The service no longer keeps this picture{copy ? ': this is a small copy of it' : ''}.
              </p>
            )}
            {address && (
              <Compare
                key={address}
                before={shown.run.stored.input}
                after={address}
                alt={job.parameters.prompt || 'The result'}
                width={image.width}
                height={image.height}
                zoom={zoom.value}
                fit={'resize_mode' in job.parameters ? fits[job.parameters.resize_mode] : 'fill'}
                extension={'extend_left' in job.parameters ? job.parameters : null}
              />
            )}
          </div>
          <ViewerSide
            run={shown.run}
            job={job}
            index={shown.index}
            address={result?.address ?? null}
            gone={result?.gone ?? false}
          />
        </>
      )}
    </dialog>
  )
}
