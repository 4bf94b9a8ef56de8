// `npm run audit`: asks the registry for known vulnerabilities of the packages that images hold. Not a part of `npm test`,
// which needs no network. Exit code 1 for one that is high or critical, 2 where the registry cannot be asked.
import { spawnSync } from 'node:child_process'
import { pnpm } from './dependencies.mjs'

const args = ['-y', pnpm, 'audit', '--prod', '--json', ...process.argv.slice(2)]
const { stdout, stderr } = spawnSync('npx', args, { encoding: 'utf8', env: { ...process.env, CI: 'true' } })
const answer = parse(stdout)
const counts = answer?.metadata?.vulnerabilities
if (counts === undefined) {
  console.error(`The registry could not be asked: ${answer?.error?.message ?? (stderr || stdout).trim().slice(0, 300)}`)
  process.exitCode = 2
} else {
  for (const { severity, module_name: name, title, url } of Object.values(answer.advisories ?? {}))
    console.log(`${severity}: ${name}: ${title} ${url}`)
  console.log(
    Object.entries(counts)
      .map(([severity, count]) => `${count} ${severity}`)
      .join(', '),
  )
  if (counts.high + counts.critical > 0) process.exitCode = 1
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
