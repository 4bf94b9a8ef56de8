import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeModel } from '@pentimento/pipeline'
import type { CliConfig } from '../config.ts'
import { pullModel } from '../hub/pull.ts'
import { untilInterrupted } from '../interrupt.ts'
import { showBytes, startProgressBar } from '../progress-bar.ts'
import { report, reportLine } from './report.ts'

const builtin = fileURLToPath(new URL('../../../../models/still-life', import.meta.url))

const usage = `npm run models -- list                    the models that a worker would serve
npm run models -- check DIR               what a model folder is, or why it cannot run
npm run models -- pull OWNER/NAME [--revision R] [--variant fp16]
                                          download an ONNX model from the Hugging Face hub`

/** `npm run models`: looks at model folders, and fetches them. */
export async function models(config: CliConfig, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { revision: { type: 'string', default: 'main' }, variant: { type: 'string' } },
  })
  const [verb, subject] = positionals
  if (verb === 'list') return list(config)
  if (verb === 'check' && subject !== undefined) return check(resolve(subject))
  if (verb === 'pull' && subject !== undefined) return pull(config, subject, values.revision, values.variant ?? null)
  console.error(usage)
  return 2
}

async function list(config: CliConfig): Promise<number> {
  const own = existsSync(config.modelsDir) ? readdirSync(config.modelsDir, { withFileTypes: true }) : []
  const dirs = own
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(config.modelsDir, entry.name))
  if (existsSync(builtin)) dirs.unshift(builtin)
  if (dirs.length === 0) console.log(`no models in ${config.modelsDir}`)
  for (const dir of dirs) console.log(await reportLine(dir))
  return 0
}

async function check(dir: string): Promise<number> {
  try {
    console.log(report(await describeModel(dir)))
    return 0
  } catch (error) {
    console.error(`cannot run: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

async function pull(config: CliConfig, repo: string, revision: string, variant: string | null): Promise<number> {
  let bar: ReturnType<typeof startProgressBar> | undefined
  const dir = await pullModel({
    repo,
    revision,
    variant,
    modelsDir: config.modelsDir,
    hubUrl: config.hubUrl,
    token: config.hubToken,
    signal: untilInterrupted(),
    onPlan: ({ files, bytes, commit }) => {
      console.log(`${repo} at ${commit.slice(0, 12)}: ${files} files, ${showBytes(bytes)}`)
      bar = startProgressBar(bytes, '{bar} {percentage} % | {value} of {total} | {eta_formatted} left', showBytes)
    },
    onBytes: (bytes) => bar?.update(bytes),
  }).finally(() => bar?.stop())
  console.log(dir)
  return check(dir)
}
