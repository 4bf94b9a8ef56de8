import type { CliConfig } from './config.ts'
import { aborted, untilInterrupted } from './interrupt.ts'
import { startStack } from './stack.ts'

/** `npm start`: the stack, until it is interrupted or one of its programs ends. */
export async function start(config: CliConfig): Promise<number> {
  const signal = untilInterrupted()
  console.log('Starting Pentimento …')
  const stack = await startStack(config, { logLevel: 'warn', signal })
  console.log(`ready ${stack.url}`)
  const broken = await Promise.race([stack.broken, aborted(signal)])
  console.log(typeof broken === 'string' ? `${broken}; stopping` : 'Stopping …')
  await stack.stop()
  return typeof broken === 'string' ? 1 : 0
}
