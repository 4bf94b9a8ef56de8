import { X } from 'lucide'
import type { JSX } from 'preact'
import { notice } from '../state/notice.ts'
import { IconButton } from './icon-button.tsx'

/** The notice, if there is one. */
export function NoticeBar(): JSX.Element {
  return (
    <div role="alert">
      {notice.value !== '' && (
        <div class="notice">
          <p>{notice.value}</p>
          <IconButton
            icon={X}
            label="Close message"
            onClick={() => {
              notice.value = ''
            }}
          />
        </div>
      )}
    </div>
  )
}
