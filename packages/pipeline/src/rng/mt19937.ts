const stateLength = 624
const shift = 397

/**
 * The Mersenne Twister of Matsumoto and Nishimura 1998: a function that returns the next 32 random bits.
 * As torch's CPU generator it uses the low 32 bits of the seed.
 */
export function mt19937(seed: number | bigint): () => number {
  const state = new Int32Array(stateLength)
  state[0] = Number(BigInt.asUintN(32, BigInt(seed)))
  for (let j = 1; j < stateLength; j++) {
    const previous = state[j - 1] ^ (state[j - 1] >>> 30)
    state[j] = Math.imul(1812433253, previous) + j
  }
  let next = stateLength
  return () => {
    if (next === stateLength) {
      twist(state)
      next = 0
    }
    let bits = state[next++]
    bits ^= bits >>> 11
    bits ^= (bits << 7) & 0x9d2c5680
    bits ^= (bits << 15) & 0xefc60000
    return (bits ^ (bits >>> 18)) >>> 0
  }
}

function twist(state: Int32Array): void {
  const wrapped = stateLength - shift
  for (let k = 0; k < wrapped; k++) state[k] = state[k + shift] ^ mixed(state[k], state[k + 1])
  for (let k = wrapped; k < stateLength - 1; k++) state[k] = state[k - wrapped] ^ mixed(state[k], state[k + 1])
  state[stateLength - 1] = state[shift - 1] ^ mixed(state[stateLength - 1], state[0])
}

function mixed(word: number, following: number): number {
  const joined = (word & 0x80000000) | (following & 0x7fffffff)
  return (joined >>> 1) ^ (-(following & 1) & 0x9908b0df)
}
