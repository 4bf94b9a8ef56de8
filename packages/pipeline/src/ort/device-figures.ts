/** What the device did since it was last asked. Times are milliseconds. */
export interface DeviceFigures {
  busyMs: number
  /** It did nothing although something waited. */
  idleWithWorkMs: number
  /** Calls for rows, by how many rows were asked for. */
  calls: Record<number, number>
  /** Rows that wait now. */
  waitingRows: number
  /** How long the first call of each new shape took. */
  newShapes: number[]
}

/** A device that has done nothing yet. */
export function noFigures(): DeviceFigures {
  return { busyMs: 0, idleWithWorkMs: 0, calls: {}, waitingRows: 0, newShapes: [] }
}
