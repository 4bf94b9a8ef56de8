import type { Mode } from './board.ts'

/** What a run has to go by. */
interface Given {
  mode: Mode
  prompt: string
  /** Nothing is on the board. */
  blank: boolean
  /** Something of the picture will be repainted, or its canvas grows. */
  repaints: boolean
}

export interface Missing {
  text: string
  /** Whether it can be run all the same, by whoever wants that. */
  mayRun: boolean
}

/** What people have most likely forgotten, said before a run costs anything; null when nothing is. */
export function whatIsMissing({ mode, prompt, blank, repaints }: Given): Missing | null {
  if (mode === 'inpaint' && !repaints) {
    const first = blank ? 'Open a picture, then paint' : 'Paint'
    return { text: `${first} over what should change, or drag an edge outwards.`, mayRun: false }
  }
  if (mode === 'sketch' && blank) return { text: 'The canvas is empty: draw on it, or open a picture.', mayRun: true }
  if (prompt.trim() === '') return { text: 'The prompt is empty: say what it should be.', mayRun: true }
  return null
}
