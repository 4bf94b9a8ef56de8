import { type Checkpoint, CheckpointError, type Control, fitControl, readControl } from '@pentimento/checkpoints'
import type { ModelFolder } from './read-folder.ts'
import { unusable } from './unusable.ts'

/** A ControlNet or T2I-Adapter that stands beside the UNet in its graph. */
export interface ChosenControl {
  /** How errors call it. */
  name: string
  path: string
}

/** Reads such networks and holds them to a model. @throws model_unusable naming the one that does not go with it */
export async function readControls(
  checkpoint: Checkpoint,
  chosen: readonly ChosenControl[],
): Promise<{ controls: Control[]; files: ModelFolder['files'] }> {
  const controls: Control[] = []
  for (const { name, path } of chosen) {
    try {
      const control = await readControl(path)
      fitControl(control, checkpoint)
      controls.push(control)
    } catch (error) {
      throw error instanceof CheckpointError ? unusable(`The control model ${name}: ${error.message}`) : error
    }
  }
  return { controls, files: controls.map(({ file }) => file) }
}
