/**
 * How onnxruntime loads a graph whose weights lie in a file. `fast`: they are packed for the processor, which takes
 * seconds and as much memory as they have numbers of 4 bytes; every run is about 7 % faster. `lean`: float32
 * weights are mapped and computed with where they are, which takes a fraction of a second, and no memory that another
 * session or program could not have.
 */
export type LoadMode = 'fast' | 'lean'

/** The part of onnxruntime's session options that is up to the weights. */
export interface WeightOptions {
  graphOptimizationLevel: 'all' | 'extended'
  extra: { session: Record<string, string> }
}

/** @param folder absolute: the one that the graph's weights lie below */
export function sessionOptions(folder: string, mode: LoadMode): WeightOptions {
  const session = { model_external_initializers_file_folder_path: folder }
  if (mode === 'fast') return { graphOptimizationLevel: 'all', extra: { session } }
  // The last level would change the layout of convolutions' weights, which is a copy of each.
  return { graphOptimizationLevel: 'extended', extra: { session: { ...session, disable_prepacking: '1' } } }
}
