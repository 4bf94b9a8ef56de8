import type { Redis } from 'ioredis'

/** The samples of a Prometheus text, by name with labels. */
export async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text()
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

/** A section of Redis' INFO. */
export async function infoOf(redis: Redis, section: string): Promise<Record<string, string>> {
  const text = await redis.info(section)
  return Object.fromEntries([...text.matchAll(/^([\w|-]+):(.*?)\r?$/gm)].map(([, name, value]) => [name, value]))
}

/** Commands that Redis ran since it was started, and its CPU seconds. */
export async function redisWork(
  redis: Redis,
): Promise<{ calls: Map<string, number>; cpuSeconds: number; aofBytes: number; netBytes: number }> {
  const [stats, cpu, persistence, net] = await Promise.all([
    infoOf(redis, 'commandstats'),
    infoOf(redis, 'cpu'),
    infoOf(redis, 'persistence'),
    infoOf(redis, 'stats'),
  ])
  const calls = Object.entries(stats).map(([name, text]): [string, number] => [
    name.replace('cmdstat_', ''),
    Number(/calls=(\d+)/.exec(text)?.[1] ?? 0),
  ])
  return {
    calls: new Map(calls),
    cpuSeconds: Number(cpu.used_cpu_sys) + Number(cpu.used_cpu_user),
    aofBytes: Number(persistence.aof_current_size),
    netBytes: Number(net.total_net_input_bytes) + Number(net.total_net_output_bytes),
  }
}
