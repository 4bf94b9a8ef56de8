import { fieldOf, type Run } from '../state/run.ts'

/** Whether every word of a search is in what is known of a run: prompts, model, seeds, kind, its day and its id. */
export function matches(run: Pick<Run, 'stored' | 'job'>, search: string): boolean {
  const { stored } = run
  const job = run.job.value
  const known = [
    ...['prompt', 'negative_prompt', 'model', 'seed'].map((name) => fieldOf(run, name)),
    ...[job?.id, job?.model, job?.parameters.prompt],
    ...(job?.images.map(({ seed }) => String(seed)) ?? []),
    stored.kind,
    new Date(stored.createdAt).toISOString().slice(0, 10),
  ]
  const text = known.join('\n').toLowerCase()
  const words = search.toLowerCase().split(/\s+/)
  return words.every((word) => text.includes(word))
}
