import { runStep } from './run.mjs'
import { aptInstall, canUseApt, findProgram } from './system-packages.mjs'

const servers = ['redis-server', 'valkey-server']

/**
 * Says where Redis comes from, as environment for the commands: `REDIS_URL` as given, else `REDIS_SERVER` (a program
 * that the command starts privately), else `REDIS_DOCKER` (the command starts a container). Installs a server where
 * that can be done without asking.
 */
export async function ensureRedis(env) {
  if (env.REDIS_URL) return {}
  const found = env.REDIS_SERVER ?? findProgram(servers)
  if (found) return { REDIS_SERVER: found }
  if (canUseApt()) await aptInstall('redis-server')
  else if (process.platform === 'darwin' && findProgram(['brew']))
    await runStep('Installing redis …', 'brew', ['install', 'redis'])
  const installed = findProgram(servers)
  if (installed) return { REDIS_SERVER: installed }
  const docker = findProgram(['docker'])
  if (docker) return { REDIS_DOCKER: docker }
  throw new Error('Pentimento needs Redis: install redis-server (7 or newer) or valkey-server, or set REDIS_URL.')
}
