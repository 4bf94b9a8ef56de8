import { withoutSecrets } from '@pentimento/contracts'
import { type CliConfig, loadConfig } from './config.ts'
import { demo } from './demo.ts'
import { generate } from './generate/generate.ts'
import { keys } from './keys/keys.ts'
import { models } from './models/models.ts'
import { start } from './start.ts'
import { state } from './state/state.ts'

const commands: Record<string, (config: CliConfig, args: string[]) => Promise<number>> = {
  start,
  demo,
  generate,
  keys,
  models,
  state,
}

const [name = '', ...args] = process.argv.slice(2)

try {
  const command = commands[name]
  if (command === undefined)
    throw new Error(`unknown command "${name}": use one of ${Object.keys(commands).join(', ')}`)
  process.exitCode = await command(loadConfig(process.env), args)
} catch (error) {
  console.error(`error: ${withoutSecrets(error instanceof Error ? error.message : String(error))}`)
  process.exitCode = 1
}
