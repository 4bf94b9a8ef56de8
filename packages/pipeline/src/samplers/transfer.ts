/**
 * One step of a variance-preserving class. Its latents x / √(1 + σ²) keep their numbers between steps, whatever level
 * the next step takes them to be at; here, where latents carry their noise unscaled, that is a rescaling.
 */
export interface Transfer {
  /** The noise level that the model is told. */
  seen: number
  /** The levels that the step itself goes between. */
  from: number
  to: number
}

/** Reads latents of one noise level as such of another, in place: x / √(1 + σ²) stays. */
export function reread(x: Float32Array, level: number, other: number): void {
  if (level === other) return
  const factor = Math.sqrt((1 + other ** 2) / (1 + level ** 2))
  for (let k = 0; k < x.length; k++) x[k] *= factor
}
