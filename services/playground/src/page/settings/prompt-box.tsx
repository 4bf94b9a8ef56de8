import type { JSX } from 'preact'
import { startRun } from '../runs/start-run.ts'
import { mode } from '../state/board.ts'
import { model } from '../state/models.ts'
import { change, settings } from '../state/settings.ts'
import { controlAttributes, Field } from './field.tsx'
import { RunButtons } from './run-buttons.tsx'

/** The prompts, prompts that suit the model, and the button that all is about. */
export function PromptBox(): JSX.Element {
  const suggestions = model.value?.prompts.slice(0, 3) ?? []
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
          placeholder="What should it be?"
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
      <div class="prompt-row">
        <Field name="negative_prompt" label="Negative prompt">
          <input
            {...controlAttributes('negative_prompt')}
            type="text"
            value={settings.value.negative_prompt}
            onInput={({ currentTarget }) => change({ negative_prompt: currentTarget.value })}
          />
        </Field>
        <RunButtons />
      </div>
    </form>
  )
}
