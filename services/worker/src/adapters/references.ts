import {
  type Checkpoint,
  CheckpointError,
  fitIpAdapter,
  type ImageEncoder,
  type IpAdapter,
  ipAdapterFamily,
  readsEncoder,
} from '@pentimento/checkpoints'
import type { AdapterEntry } from '@pentimento/contracts'
import { type ReadFiles, reasonAgainst } from './read-files.ts'

/** An IP-Adapter with its encoder, as this worker has them. */
export interface FoundReference {
  path: string
  encoder: string
  /** Of both files. */
  bytes: number
}

/** IP-Adapters that have an image encoder, by their names; of several the first one is theirs. */
export function foundReferences(
  adapters: ReadFiles<IpAdapter>,
  encoders: ReadFiles<ImageEncoder>,
): Map<string, FoundReference> {
  return new Map(
    [...adapters].flatMap(([name, { path, read }]): [string, FoundReference][] => {
      const encoder = [...encoders.values()].find((one) => readsEncoder(read, one.read))
      if (!encoder) return []
      return [[name, { path, encoder: encoder.path, bytes: read.file.size + encoder.read.file.size }]]
    }),
  )
}

/** What is announced of an IP-Adapter. */
export function referenceEntry(
  name: string,
  adapter: IpAdapter,
  encoders: ReadFiles<ImageEncoder>,
  targets: readonly { id: string; checkpoint: Checkpoint }[],
): AdapterEntry {
  const family = ipAdapterFamily(adapter)
  const hasEncoder = [...encoders.values()].some(({ read }) => readsEncoder(adapter, read))
  const unfit: AdapterEntry['unfit'] = {}
  for (const { id, checkpoint } of targets) {
    const reason = reasonAgainst(() => {
      fitIpAdapter(adapter, checkpoint)
      if (!hasEncoder) throw new CheckpointError(whichEncoder(adapter))
    })
    if (reason !== null) unfit[id] = `${name}: ${reason}`
  }
  return { kind: 'ip-adapter', name, alias: null, family, unfit }
}

/** As the encoders that people have are called. */
const encoderNames: Record<string, string> = {
  'plain 768': 'CLIP ViT-L/14',
  'plain 1024': 'CLIP ViT-H/14',
  'plain 1280': 'CLIP ViT-bigG/14',
  'plus 1280': 'CLIP ViT-H/14',
  'plus 1664': 'CLIP ViT-bigG/14',
}

function whichEncoder({ kind, encoderWidth }: IpAdapter): string {
  const of = kind === 'plain' ? 'in sum' : 'for each square'
  const name = encoderNames[`${kind === 'full' ? 'plus' : kind} ${encoderWidth}`]
  return `It reads an image encoder that gives ${encoderWidth} numbers ${of}${name ? ` (${name})` : ''}, and image-encoder/ of MODELS_DIR has none.`
}
