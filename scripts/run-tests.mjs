// Everything `npm test` checks, in order: lint, types, unit, integration. The last line counts; the exit code is 0 only
// when nothing failed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runToEnd } from './run.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
/** Told once more at the end, where whoever sees the last lines only finds it. */
const failures = []
const reports = mkdtempSync(join(tmpdir(), 'pentimento-tests-'))
const bin = (name) => join('node_modules', '.bin', name)

async function check(name, program, args) {
  console.log(`\n== ${name}`)
  const code = await runToEnd(program, args)
  if (code === 0) total.passed++
  else {
    total.failed++
    failures.push(name)
  }
  if (code > 128) throw new Error('interrupted')
}

async function vitest(project) {
  console.log(`\n== ${project} tests`)
  const report = join(reports, `${project}.json`)
  const reporters = ['default', './test/costliest-files.ts', './test/repeated-tests.ts', 'json'].map(
    (name) => `--reporter=${name}`,
  )
  const args = ['run', '--project', project, ...reporters, `--outputFile.json=${report}`]
  // Two runs never differ in the order in which files start, and a hanging test ends by its own time limit.
  const code = await runToEnd(bin('vitest'), args, {
    env: { ...process.env, NODE_OPTIONS: '--conditions=source' },
  })
  if (code > 128) throw new Error('interrupted')
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

try {
  await check('lint', bin('biome'), ['check', '--error-on-warnings', '.'])
  await check('types', bin('tsc'), ['-b'])
  await vitest('unit')
  if (process.env.REDIS_SERVER || process.env.REDIS_URL || process.env.REDIS_DOCKER) await vitest('integration')
  else skip('integration tests, for want of Redis')
  if (!process.env.HELM) skip('tests of the chart, for want of helm')
  if (!process.env.CHROMIUM) skip('browser tests, for want of chromium')
} catch (error) {
  failures.push(error.message)
  total.failed++
} finally {
  rmSync(reports, { recursive: true, force: true })
}
for (const failure of failures) console.error(`\nFAILED ${failure}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
