/*
 * ln(1 + t) near t·P(t)/Q(t) for 1 + t from √½ to √2, the approximation that numpy's vector loops use, lowest power
 * first.
 */
const numerator = [0, 1, 2.112677543073053, 1.4800006335765066, 0.3808837774138841, 0.025899791179079177]
const denominator = [
  1, 2.6126775430731093, 2.4530060717847366, 0.9864942958519418, 0.15464763749839067, 0.005875095403124574,
]
const ln2 = Math.fround(Math.LN2)

/**
 * The natural logarithm as numpy computes it in float32 on processors with fused multiplication and addition: up to two
 * units in the last place from the nearest float32, which decides on which side of a whole number a timestep falls.
 *
 * @param value a float32 above 0
 */
export function float32Log(value: number): number {
  let exponent = Math.floor(Math.log2(value)) + 1
  let mantissa = value / 2 ** exponent
  if (mantissa <= Math.fround(Math.SQRT1_2)) {
    mantissa *= 2
    exponent--
  }
  const ratio = Math.fround(polynomial(numerator, mantissa - 1) / polynomial(denominator, mantissa - 1))
  return Math.fround(exponent * ln2 + ratio)
}

/** Horner's scheme, each step rounded once. */
function polynomial(coefficients: readonly number[], t: number): number {
  return coefficients.reduceRight((sum, coefficient) => Math.fround(sum * t + Math.fround(coefficient)), 0)
}
