import type { Job } from '@pentimento/contracts'
import { Brush, Download, Link, PaintbrushVertical, Repeat2, SlidersHorizontal } from 'lucide'
import type { JSX } from 'preact'
import { copyText } from '../chrome/copy-text.ts'
import { Icon } from '../chrome/icon.tsx'
import { filesOf, type Run } from '../state/run.ts'
import { change } from '../state/settings.ts'
import { Lineage } from './lineage.tsx'
import { ParameterList } from './parameter-list.tsx'
import { fileName, reuseImage, reuseSettings, save } from './reuse.ts'
import { SnippetTabs } from './snippet-tabs.tsx'
import { viewed } from './viewed.ts'

interface ViewerSideProps {
  run: Run
  job: Job
  index: number
  address: string | null
  /** The service no longer has the picture. */
  gone: boolean
}

/** What made a picture, and what can be made of it. */
export function ViewerSide({ run, job, index, address, gone }: ViewerSideProps): JSX.Element {
  const seed = job.images[index]?.seed
  const { negative_prompt } = job.parameters
  const files = filesOf(run.stored)
  const beside = files.map(([field]) => field).filter((field) => field !== 'image')
  // With the seed that was drawn, and one picture, the program makes this very picture.
  const fields: [string, string][] = [
    ...run.stored.fields.filter(([name]) => name !== 'seed' && name !== 'num_images'),
    ...(job.images.length > 1 ? [['num_images', String(job.images.length)] as [string, string]] : []),
    ['seed', String(job.parameters.seed)],
  ]
  return (
    <div class="viewer-side">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long prompt scrolls, with keys too. */}
      <h2 tabIndex={0}>{job.parameters.prompt || 'No prompt'}</h2>
      {negative_prompt && <p class="hint negative">without {negative_prompt}</p>}
      {job.warnings.map(({ code, message }) => (
        <p class="warning" key={code}>
          {message}
        </p>
      ))}
      <div class="viewer-actions">
        <button
          type="button"
          class="button primary"
          disabled={gone}
          onClick={() => void reuseImage(job, index, 'sketch')}
        >
          <Icon of={Brush} />
          Use as input
        </button>
        <button type="button" class="button" disabled={gone} onClick={() => void reuseImage(job, index, 'inpaint')}>
          <Icon of={PaintbrushVertical} />
          Inpaint this
        </button>
        <button
          type="button"
          class="button"
          disabled={address === null}
          onClick={() => save(address ?? '', fileName(job, index))}
        >
          <Icon of={Download} />
          Download
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            change({ seed: String(seed) })
            viewed.value = null
          }}
        >
          <Icon of={Repeat2} />
          Reuse seed
        </button>
        <button type="button" class="button" onClick={() => reuseSettings(job, run.stored)}>
          <Icon of={SlidersHorizontal} />
          Use settings
        </button>
        <button type="button" class="button" onClick={() => void copyText(location.href)}>
          <Icon of={Link} />
          Copy link
        </button>
      </div>
      <Lineage run={run} job={job} index={index} />
      <ParameterList job={job} index={index} />
      <SnippetTabs recipe={{ kind: run.stored.kind, fields, beside }} files={files} />
    </div>
  )
}
