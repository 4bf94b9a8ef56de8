import { useSignal } from '@preact/signals'
import { Check, Copy } from 'lucide'
import type { JSX } from 'preact'
import { key } from '../api/key.ts'
import { copyText } from '../chrome/copy-text.ts'
import { Icon } from '../chrome/icon.tsx'
import { fileNameOf } from '../state/run.ts'
import { saveBlob } from './reuse.ts'
import { type Recipe, type SnippetLanguage, snippet, snippetLanguages } from './snippets.ts'

interface SnippetTabsProps {
  recipe: Recipe
  files: readonly (readonly [field: string, file: Blob])[]
}

/** The same run as a program, to be copied, and the files that it reads. */
export function SnippetTabs({ recipe, files }: SnippetTabsProps): JSX.Element {
  const language = useSignal<SnippetLanguage>('curl')
  const copied = useSignal(false)
  const origin = new URL('.', document.baseURI).href.replace(/\/$/, '')
  const code = snippet(language.value, recipe, { origin, hasKey: key.value !== '' })
  return (
    <section class="snippets" aria-label="The same as a program">
      <div class="snippet-bar">
        <fieldset class="segmented" aria-label="Language">
          {snippetLanguages.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={language.value === name}
              onClick={() => {
                language.value = name
                copied.value = false
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          class="button small"
          title={`Copy as ${language.value}`}
          onClick={async () => {
            copied.value = await copyText(code)
          }}
        >
          <Icon of={copied.value ? Check : Copy} size={15} />
          <span role="status">{copied.value ? 'Copied' : 'Copy'}</span>
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, with keys too. */}
      <pre tabIndex={0}>{code}</pre>
      {files.length > 0 && (
        <p class="row hint">
          It reads
          {files.map(([field, file]) => (
            <button key={field} type="button" class="chip" onClick={() => saveBlob(file, fileNameOf(field))}>
              {fileNameOf(field)}
            </button>
          ))}
        </p>
      )}
    </section>
  )
}
