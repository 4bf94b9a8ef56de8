import { setImmediate as nextPass } from 'node:timers/promises'

/** From so many bytes on, each step over a text takes milliseconds. */
const longBytes = 1e6

/**
 * To be awaited between two steps over a whole body: other requests get their pass of the event loop there. Read in one
 * piece, a picture of 20 MB in JSON holds everybody up for a fifth of a second and more.
 */
export async function betweenSteps(bytes: number): Promise<void> {
  if (bytes >= longBytes) await nextPass()
}
