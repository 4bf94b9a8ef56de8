import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { notice } from '../chrome/notice.ts'
import { fitSizeTo } from '../settings/models.ts'
import { change } from '../settings/settings.ts'
import { importPicture, pictureFile } from './import-picture.ts'

/** Puts a file on the board and sets the size to suit it; says so when it is no picture. */
export async function takeFile(file: Blob): Promise<void> {
  try {
    const { width, height } = await importPicture(file)
    change(fitSizeTo(width / height))
  } catch (error) {
    notice.value = error instanceof Error ? error.message : String(error)
  }
}

/** Takes pictures that are dropped on it, or pasted anywhere but into a text field. */
export function Intake({ children }: { children: ComponentChildren }): JSX.Element {
  const over = useSignal(false)
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = pictureFile(event.clipboardData)
      if (file === undefined) return
      event.preventDefault()
      void takeFile(file)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one of several ways in; the buttons are the one for keys.
    <div
      class={over.value ? 'stage over' : 'stage'}
      onDragOver={(event) => {
        event.preventDefault()
        over.value = true
      }}
      onDragLeave={() => {
        over.value = false
      }}
      onDrop={(event) => {
        event.preventDefault()
        over.value = false
        const file = pictureFile(event.dataTransfer)
        if (file) void takeFile(file)
      }}
    >
      <div class="stage-inside">{children}</div>
    </div>
  )
}
