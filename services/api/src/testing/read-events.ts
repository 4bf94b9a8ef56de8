export interface ReadEvent {
  event: string
  id: string | null
  data: Record<string, unknown>
}

/** Reads a stream of Server-Sent Events to its end. */
export async function readEvents(answer: Response): Promise<ReadEvent[]> {
  const events: ReadEvent[] = []
  for (const frame of (await answer.text()).split('\n\n')) {
    const lines = frame.split('\n').map((line) => line.split(/: (.*)/s))
    const fieldOf = (name: string) => lines.find(([key]) => key === name)?.[1] ?? null
    const data = fieldOf('data')
    if (data !== null) events.push({ event: fieldOf('event') ?? 'message', id: fieldOf('id'), data: JSON.parse(data) })
  }
  return events
}
