import { signal } from '@preact/signals'
import type { Run } from './run.ts'

/** The result that is looked at in large, if any. */
export const viewed = signal<{ run: Run; index: number } | null>(null)
