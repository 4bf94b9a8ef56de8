import type { Job } from '@pentimento/contracts'
import type { JSX } from 'preact'

const shownElsewhere = ['prompt', 'negative_prompt', 'seed', 'variation_seed', 'num_images', 'embed_metadata', 'loras']

/** Every effective value of a job's picture, under the api's names. */
export function ParameterList({ job, index }: { job: Job; index: number }): JSX.Element {
  const image = job.images[index]
  const rows: [string, unknown][] = [
    ['model', job.model],
    ['seed', image?.seed],
    ['variation_seed', image?.variation_seed],
    ['loras', job.parameters.loras.map(({ name, weight }) => `${name} ${weight}`).join(', ') || null],
    ...Object.entries(job.parameters).filter(([name]) => !shownElsewhere.includes(name)),
    ['image', image && `${image.width} × ${image.height}, ${(image.bytes / 1024).toFixed(0)} kB`],
    ['time', job.metrics && `${(job.metrics.total_ms / 1000).toFixed(2)} s`],
  ]
  return (
    <dl class="parameters">
      {rows
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
    </dl>
  )
}
