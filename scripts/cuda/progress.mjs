import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes in the files below a folder, as far as they can be seen: files come and go meanwhile. */
function bytesBelow(folder) {
  try {
    const sizes = readdirSync(folder, { recursive: true }).map(
      (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0,
    )
    return sizes.reduce((total, size) => total + size, 0)
  } catch {
    return 0
  }
}

/**
 * Says how much of a download has come, by what lies in its folder: on a terminal in one line that changes, else in a
 * line every ten seconds.
 *
 * @returns ends it
 */
export function showProgress(label, folder, bytes) {
  const { isTTY } = process.stdout
  const say = () => {
    const line = `${label}: ${Math.min(100, Math.floor((100 * bytesBelow(folder)) / bytes))} %`
    if (isTTY) process.stdout.write(`\r${line}`)
    else console.log(line)
  }
  if (isTTY) say()
  else console.log(label)
  const timer = setInterval(say, isTTY ? 500 : 10_000)
  return () => {
    clearInterval(timer)
    if (isTTY) process.stdout.write('\n')
  }
}
