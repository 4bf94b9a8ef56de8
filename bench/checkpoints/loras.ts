// What LoRAs cost while a checkpoint is loaded:
//   npm run bench:loras -- --model FILE_OR_FOLDER --load lean --rounds 2 LORA.safetensors …
// Prints a row for the model without, then one beside each LoRA, each round; of one process, so that what memory it
// got once it has again: the first round is that of a new worker.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadModel } from '@pentimento/pipeline'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    load: { type: 'string', default: 'lean' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: '2' },
  },
})
const { model: path, rounds, threads } = values
if (path === undefined) throw new Error('say which checkpoint to load: --model FILE_OR_FOLDER')

/** In MB, that no other process could have as well (Linux). */
const ownMemory = () => Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1000

async function row(lora: string | null, name: string): Promise<string> {
  const [from, cpu, memory] = [performance.now(), process.cpuUsage(), ownMemory()]
  const faults = process.resourceUsage().minorPageFault
  const model = await loadModel(path ?? '', {
    device: 'cpu',
    threads: Number(threads),
    loadMode: values.load === 'fast' ? 'fast' : 'lean',
    loras: lora === null ? [] : [{ name, path: lora, weight: 0.8, textWeight: 0.8 }],
  })
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const { minorPageFault, maxRSS } = process.resourceUsage()
  const cells = [
    name,
    seconds.toFixed(2),
    ((user + system) / 1e6).toFixed(2),
    (system / 1e6).toFixed(2),
    (minorPageFault - faults).toString(),
    (ownMemory() - memory).toFixed(0),
    (maxRSS / 1000).toFixed(0),
  ]
  await model.dispose()
  return `| ${cells.join(' | ')} |`
}

console.log(`| | load, s | of the processor, s | the system's, s | page faults | own memory, MB | peak so far, MB |
|---|---|---|---|---|---|---|`)
for (let round = 0; round < Number(rounds); round++) {
  console.log(await row(null, 'without'))
  for (const lora of positionals) console.log(await row(lora, lora.split('/').at(-1) ?? lora))
}
