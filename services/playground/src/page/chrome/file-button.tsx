import type { InputHTMLAttributes, JSX } from 'preact'
import { Icon, type IconNode } from './icon.tsx'

interface FileButtonProps {
  icon: IconNode
  label: string
  onFile: (file: File) => void
  /** Opens the camera instead of the files where there is one. */
  camera?: boolean
  wide?: boolean
  /** Of the input. */
  attributes?: Pick<InputHTMLAttributes, 'id' | 'aria-invalid' | 'aria-describedby'>
}

/** A button that asks for a picture. The input itself takes the focus, so that keys work as for any button. */
export function FileButton({ icon, label, onFile, camera, wide, attributes }: FileButtonProps): JSX.Element {
  return (
    <label class={`icon-button file-button${wide ? ' wide' : ''}${camera ? ' camera-button' : ''}`} title={label}>
      <Icon of={icon} />
      {wide && <span aria-hidden="true">{label}</span>}
      <input
        {...attributes}
        type="file"
        accept="image/*"
        aria-label={label}
        {...(camera && { capture: 'environment' })}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) onFile(file)
          currentTarget.value = ''
        }}
      />
    </label>
  )
}
