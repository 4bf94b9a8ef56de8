import {
  type Checkpoint,
  CheckpointError,
  fitIpAdapter,
  type ImageEncoder,
  type IpAdapter,
  readImageEncoder,
  readIpAdapter,
  readsEncoder,
} from '@pentimento/checkpoints'
import { unusable } from './unusable.ts'

/** An IP-Adapter to be put beside a model's UNet while that is loaded. */
export interface ChosenReference {
  /** How errors call it. */
  name: string
  path: string
  /** The file of the image encoder that it reads. */
  encoder: string
}

/** An IP-Adapter that goes with a model, and its encoder. */
export interface HeldReference {
  adapter: IpAdapter
  encoder: ImageEncoder
}

/** @throws model_unusable naming the adapter, if it does not go with the model or with its encoder */
export async function holdReference(
  checkpoint: Checkpoint,
  { name, path, encoder: encoderPath }: ChosenReference,
): Promise<HeldReference> {
  try {
    const adapter = await readIpAdapter(path)
    fitIpAdapter(adapter, checkpoint)
    const encoder = await readImageEncoder(encoderPath)
    if (readsEncoder(adapter, encoder)) return { adapter, encoder }
    throw new CheckpointError(`Its image encoder is to give ${adapter.encoderWidth} numbers.`)
  } catch (error) {
    throw error instanceof CheckpointError ? unusable(`The IP-Adapter ${name}: ${error.message}`) : error
  }
}
