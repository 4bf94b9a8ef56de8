import { Play, Rows3 } from 'lucide'
import type { JSX } from 'preact'
import { Icon } from '../chrome/icon.tsx'
import { canRun, startRun, startSweep } from '../runs/start-run.ts'
import { mode } from '../state/board.ts'
import { model } from '../state/models.ts'
import { change, errors, generalErrorId, settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'

/** The prompts, prompts that suit the model, and the button that all is about. */
export function PromptBox(): JSX.Element {
  const suggestions = model.value?.prompts.slice(0, 3) ?? []
  const general = errors.value['']
  return (
    <form
      class="prompt-box"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void startRun()
      }}
    >
      <Field name="prompt" label="Prompt">
        <textarea
          {...controlAttributes('prompt')}
          rows={mode.value === 'text' ? 4 : 2}
          placeholder={suggestions[0] ?? 'What should it be?'}
          value={settings.value.prompt}
          onInput={({ currentTarget }) => change({ prompt: currentTarget.value })}
        />
      </Field>
      {suggestions.length > 0 && (
        <ul class="suggestions" aria-label="Prompts that suit the model">
          {suggestions.map((prompt) => (
            <li key={prompt}>
              <button type="button" class="chip" onClick={() => change({ prompt })}>
                {prompt}
              </button>
            </li>
          ))}
        </ul>
      )}
      {general && (
        <p class="field-error" id={generalErrorId} tabIndex={-1} role="alert">
          {general}
        </p>
      )}
      <div class="prompt-row">
        <Field name="negative_prompt" label="Negative prompt">
          <input
            {...controlAttributes('negative_prompt')}
            type="text"
            value={settings.value.negative_prompt}
            onInput={({ currentTarget }) => change({ negative_prompt: currentTarget.value })}
          />
        </Field>
        <div class="run-buttons">
          {mode.value !== 'text' && (
            <button
              type="button"
              class="button"
              disabled={!canRun.value}
              title="Same seed, five strengths, one row"
              onClick={() => void startSweep()}
            >
              <Icon of={Rows3} />
              Sweep
            </button>
          )}
          <button
            type="submit"
            class="button primary"
            disabled={!canRun.value}
            aria-keyshortcuts="Control+Enter"
            title="Generate (Ctrl+Enter)"
          >
            <Icon of={Play} />
            Generate
          </button>
        </div>
      </div>
    </form>
  )
}
