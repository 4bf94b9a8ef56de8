// Everything `npm test` checks: integration tests, and beside them, in what these leave of the processors while they
// wait, lint, types and unit tests. The last line counts; the exit code is 0 only when nothing failed.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runToEnd } from './run.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
/** Told once more at the end, where whoever sees the last lines only finds it. */
const failures = []
const reports = mkdtempSync(join(tmpdir(), 'pentimento-tests-'))
const bin = (name) => join('node_modules', '.bin', name)

async function check(name, program, args) {
  const { code, said } = await runBeside(name, program, args)
  if (code === 0) total.passed++
  else {
    total.failed++
    failures.push(`${name}\n${said.slice(-2000)}`)
  }
}

async function vitest(project, run) {
  const report = join(reports, `${project}.json`)
  const reporters = ['default', './test/costliest-files.ts', './test/repeated-tests.ts', 'json'].map(
    (name) => `--reporter=${name}`,
  )
  const args = ['run', '--project', project, ...reporters, `--outputFile.json=${report}`]
  // A hanging test ends by its own time limit.
  const env = { ...process.env, NODE_OPTIONS: '--conditions=source' }
  const { code } = await run(`${project} tests`, bin('vitest'), args, env)
  const counts = readReport(report)
  for (const file of counts.testResults)
    for (const { status, fullName, failureMessages } of file.assertionResults)
      if (status === 'failed') failures.push(`${file.name}: ${fullName}\n${failureMessages.join('\n').slice(0, 2000)}`)
  total.passed += counts.numPassedTests
  total.skipped += counts.numPendingTests + (counts.numTodoTests ?? 0)
  total.failed += counts.numFailedTests
  // A file that breaks before its first test, or an error outside every test, fails the run without failing a test.
  if (code !== 0 && counts.numFailedTests === 0) {
    total.failed++
    failures.push(`${project} tests: an error outside every test`)
  }
}

async function runHere(name, program, args, env) {
  console.log(`\n== ${name}`)
  return { code: ended(await runToEnd(program, args, { env })) }
}

/** Takes only what others leave of the processors, and says at its end what it has to say. */
async function runBeside(name, program, args, env = process.env) {
  const log = join(reports, 'beside.log')
  const file = openSync(log, 'w')
  const code = await runToEnd('nice', ['-n', '10', program, ...args], { env, stdio: ['ignore', file, file] })
  closeSync(file)
  const said = readFileSync(log, 'utf8')
  console.log(`\n== ${name}\n${said}`)
  return { code: ended(code), said }
}

function ended(code) {
  if (code > 128) throw new Error('interrupted')
  return code
}

async function beside() {
  await check('lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  // Several checkers of a small package would each begin with the same types.
  await check('types', bin('tsc'), ['-b', '--checkers', '1', '--builders', '2'])
  await vitest('unit', runBeside)
}

async function integration() {
  if (process.env.REDIS_SERVER || process.env.REDIS_URL || process.env.REDIS_DOCKER)
    await vitest('integration', runHere)
  else skip('integration tests, for want of Redis')
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, numPendingTests: 0, numFailedTests: 0, testResults: [] }
  }
}

function skip(what) {
  console.log(`\n== skipped: ${what}`)
  total.skipped++
}

for (const { reason } of await Promise.allSettled([integration(), beside()])) {
  if (reason === undefined) continue
  failures.push(reason.message)
  total.failed++
}
if (!process.env.LIBFAKETIME) skip("tests of Redis' clock, for want of libfaketime")
if (!process.env.HELM) skip('tests of the chart, for want of helm')
if (!process.env.CHROMIUM) skip('browser tests, for want of chromium')
rmSync(reports, { recursive: true, force: true })
for (const failure of failures) console.error(`\nFAILED ${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
