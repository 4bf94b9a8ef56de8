import type { WeightOptions } from '@pentimento/checkpoints'
import type { TensorInfo } from '../onnx/tensor-info.ts'
import type { FittingRows } from './fitting-rows.ts'
import type { Floats, Values } from './values.ts'

/** The graph of a weight that is computed once, when the model is loaded that takes it as an input: in float32. */
export interface ChangedWeight {
  model: Uint8Array
  weights: WeightOptions
}

export interface GraphOptions {
  executionProviders: readonly string[]
  threads?: number
  /** Whether the CPU provider keeps the memory of a run for the next one (true). */
  keepMemory?: boolean
  /** Of a model in memory whose weights lie in files. */
  weights?: WeightOptions
  /** Inputs that are not the caller's to give. */
  changed?: readonly ChangedWeight[]
}

/** A graph that is loaded where it runs. Numbers go in and come out in the graph's own types. */
export interface Graph {
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
  /**
   * @param into answers of an equal call that may be overwritten, which saves their memory
   * @throws PipelineError `out_of_memory`, `device_error`, or `model_unusable` for types that are not understood
   */
  run(
    feeds: Record<string, Values>,
    fetches: readonly string[],
    into?: Readonly<Record<string, Values>>,
  ): Promise<Record<string, Values>>
  release(): Promise<void>
}

/**
 * Loads a graph, of a file or of its bytes.
 *
 * @throws whatever onnxruntime says, unchanged: the caller knows which part of which model it was.
 */
export type OpenGraph = (model: string | Uint8Array, options: GraphOptions) => Promise<Graph>

/** Hears how long a call took whose shape the device had not seen before. */
export type OnNewShape = (ms: number) => void

/** One row of a graph's calls: what it is asked again and again about one image and one half of guidance. */
export interface GraphRow {
  /** The input that another value is asked of each time, with its name. */
  sample: string
  /** Every input of the row but its timestep, by name; `dims` without the batch. Memory that all threads see. */
  inputs: Readonly<Record<string, Values>>
  /** Where the answer is written; its name is `outputName`. */
  output: Values
  outputName: string
  timestep: { name: string; type: string; rank: 0 | 1; perRow: boolean }
  /** The share of the device that its caller has beside those of other graphs. */
  weight: number
}

/** Rows of one graph, of many callers. */
interface GraphRows {
  /** From now on the row can be asked about; its numbers may change between two questions. */
  add(row: GraphRow): number
  /**
   * Asks about rows of one caller, which wait until the device is free, and may be answered in one call with rows of
   * others. A row's arrays belong to the device until then. @throws as {@link Graph.run}
   */
  ask(rows: readonly number[], timesteps: readonly number[], onNewShape?: OnNewShape): Promise<void>
  drop(rows: readonly number[]): void
  /** From now on no call has more rows than the memory is known to hold. */
  limit(fitting: FittingRows): Promise<void>
}

/** A loaded graph as the pipeline uses it, with numbers as float32. */
export interface Session {
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
  /**
   * Converts each input to the type that the graph declares (int64 and int32 are rounded) and outputs to float32.
   *
   * @throws PipelineError `out_of_memory`, `device_error`, or `model_unusable` for types that are not understood
   */
  run(
    feeds: Record<string, Floats>,
    fetches: readonly string[],
    onNewShape?: OnNewShape,
  ): Promise<Record<string, Floats>>
  /** As {@link run}, but that outputs stay in the types that the graph declares. */
  runTyped(
    feeds: Record<string, Floats>,
    fetches: readonly string[],
    onNewShape?: OnNewShape,
  ): Promise<Record<string, Values>>
  release(): Promise<void>
}

/** One that is also asked about rows: a UNet. */
export interface RowSession extends Session {
  rows: GraphRows
}
