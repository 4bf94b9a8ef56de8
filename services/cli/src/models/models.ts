import { resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeModel, IncompleteModel } from '@pentimento/pipeline'
import { modelPaths } from '@pentimento/worker'
import type { CliConfig } from '../config.ts'
import { openDataDir } from '../data-dir.ts'
import { type PullOptions, pullModel } from '../hub/pull.ts'
import { untilInterrupted } from '../interrupt.ts'
import { showBytes, startProgressBar } from '../progress-bar.ts'
import { plain, report, reportLine, reportRow } from './report.ts'
import { reportOther } from './report-other.ts'
import { tryModel } from './try-model.ts'

const builtin = fileURLToPath(new URL('../../../../models/still-life', import.meta.url))

const usage = `npm run models -- list                    the models that a worker would serve
npm run models -- check PATH              what a .safetensors file or a model folder is, and whether it runs here
                                          or why not
npm run models -- pull OWNER/NAME [--file NAME.safetensors] [--revision R] [--variant V]
                                          download from the Hugging Face hub into MODELS_DIR: one file, or a
                                          model in folders

MODELS_DIR (default DATA_DIR/models), DEVICE, HF_TOKEN and HF_ENDPOINT are read from the environment.`

/** `npm run models`: looks at models, and fetches them. */
export async function models(config: CliConfig, args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      revision: { type: 'string', default: 'main' },
      variant: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [verb, subject, stray] = positionals
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (verb === 'list' && subject === undefined) return list(config)
  if (verb === 'check' && subject !== undefined && stray === undefined) return check(config, resolve(subject))
  if (verb === 'pull' && subject !== undefined && stray === undefined)
    return pull(config, { repo: subject, file: null, variant: null, ...values })
  console.error(usage)
  return 2
}

async function list({ models }: CliConfig): Promise<number> {
  const found = await modelPaths({ dir: models.dir, builtinDir: models.builtin ? builtin : null })
  const shown = [...found].filter(([id]) => models.only === null || models.only.includes(id))
  if (shown.length === 0) console.log(`no models in ${models.dir}`)
  for (const [id, path] of shown) console.log(await reportLine(id, path))
  return 0
}

async function check({ device }: CliConfig, path: string): Promise<number> {
  try {
    const other = await reportOther(path)
    if (other !== null) {
      console.log(other)
      return 0
    }
    const description = await describeModel(path)
    console.log(report(description))
    console.log(reportRow('trial', await tryModel(path, description, device)))
    return 0
  } catch (error) {
    if (error instanceof IncompleteModel) console.log(report(error.description))
    console.error(plain(`cannot run: ${error instanceof Error ? error.message : String(error)}`))
    return 1
  }
}

async function pull(
  config: CliConfig,
  asked: Pick<PullOptions, 'repo' | 'revision' | 'variant' | 'file'>,
): Promise<number> {
  const { repo, revision, variant, file } = asked
  let bar: ReturnType<typeof startProgressBar> | undefined
  const { dataDir } = config.storage
  if (config.models.dir.startsWith(`${dataDir}${sep}`)) openDataDir(dataDir)
  const dir = await pullModel({
    repo,
    revision,
    variant,
    file,
    modelsDir: config.models.dir,
    hubUrl: config.hubUrl,
    token: config.hubToken,
    signal: untilInterrupted(),
    onPlan: ({ files, bytes, commit }) => {
      console.log(`${repo} at ${commit.slice(0, 12)}: ${files} files, ${showBytes(bytes)}`)
      bar = startProgressBar(bytes, '{bar} {percentage} % | {value} of {total} | {eta_formatted} left', showBytes)
    },
    onBytes: (bytes) => bar?.update(bytes),
    onWait: (ms) => console.error(`waiting ${Math.ceil(ms / 1000)} s for the hub …`),
  }).finally(() => bar?.stop())
  console.log(dir)
  return check(config, dir)
}
