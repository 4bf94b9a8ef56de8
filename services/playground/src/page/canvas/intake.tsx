import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { fitSizeTo } from '../state/models.ts'
import { notice } from '../state/notice.ts'
import { change } from '../state/settings.ts'
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

/** Takes pictures that are dropped anywhere on the page, or pasted anywhere (a text field keeps what has text). */
export function Intake({ children }: { children: ComponentChildren }): JSX.Element {
  const over = useSignal(false)
  useEffect(() => {
    const listeners = new AbortController()
    const listen = <K extends keyof DocumentEventMap>(type: K, listener: (event: DocumentEventMap[K]) => void) =>
      document.addEventListener(type, listener, { signal: listeners.signal })
    listen('paste', (event) => {
      const file = pictureFile(event.clipboardData)
      const inText = event.target instanceof Element && event.target.closest('textarea, input')
      if (file === undefined || (inText && event.clipboardData?.types.includes('text/plain'))) return
      event.preventDefault()
      void takeFile(file)
    })
    // A file that misses the board must not take the browser away from the page.
    listen('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      over.value = true
    })
    listen('dragleave', (event) => {
      if (event.relatedTarget === null) over.value = false
    })
    listen('drop', (event) => {
      over.value = false
      const [first] = event.dataTransfer?.files ?? []
      // A control or reference that lies there has taken it.
      if (first === undefined || event.defaultPrevented) return
      event.preventDefault()
      void takeFile(pictureFile(event.dataTransfer) ?? first)
    })
    return () => listeners.abort()
  }, [])
  return (
    <div class={over.value ? 'stage over' : 'stage'}>
      <div class="stage-inside">{children}</div>
    </div>
  )
}
