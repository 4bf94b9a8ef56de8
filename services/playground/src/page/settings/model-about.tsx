import type { JSX } from 'preact'

/** What a model is: its first sentence, and the rest for those who ask. */
export function ModelAbout({ description }: { description: string }): JSX.Element {
  const end = description.search(/\.\s/) + 1
  if (end === 0) return <p class="hint">{description}</p>
  return (
    <details class="hint about">
      <summary>{description.slice(0, end)}</summary>
      {description.slice(end)}
    </details>
  )
}
