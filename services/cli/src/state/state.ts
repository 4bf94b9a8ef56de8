import { openTransfer } from '@pentimento/state'
import type { CliConfig } from '../config.ts'
import { withRedis } from '../with-redis.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const usage = `npm run state -- export FILE: everything that is kept in Redis, while no api and no worker runs
npm run state -- import FILE: into a Redis that has nothing of this deployment yet

Pictures are in the storage, and SECRETS_KEY in your keeping: neither is in the file.`

/** `npm run state`: takes a deployment's keys, secrets and jobs out of one Redis and into another. */
export async function state(config: CliConfig, [verb, path, ...more]: string[]): Promise<number> {
  if ((verb !== 'export' && verb !== 'import') || path === undefined || more.length > 0) {
    console.error(usage)
    return 2
  }
  return withRedis(config, async (redisUrl) => {
    const transfer = await openTransfer({ ...config.state, redisUrl })
    const { namespace } = config.state
    try {
      const keys =
        verb === 'export'
          ? await writeStateFile(path, namespace, transfer.read())
          : await transfer.write(readStateFile(path, namespace))
      console.log(`${keys} keys ${verb === 'export' ? `written to ${path}` : `read from ${path}`}`)
      return 0
    } finally {
      transfer.close()
    }
  })
}
