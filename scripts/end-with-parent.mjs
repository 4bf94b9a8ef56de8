// Preloaded by the programs that `npm run` starts, and first in the one that starts them. A parent that is killed hands
// no signal on: its child is left to another process, and is to stop as if it had been asked to.
const parent = process.ppid
const timer = setInterval(() => {
  if (process.ppid === parent) return
  clearInterval(timer)
  process.kill(process.pid, 'SIGTERM')
}, 250)
timer.unref()
