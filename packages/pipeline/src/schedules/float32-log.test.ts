import { expect, test } from 'vitest'
import { float32Log } from './float32-log.ts'

// python -c "import numpy; print([float(x) for x in numpy.log(numpy.float32([0.03, 0.55, …]))])", on a processor with FMA
test.each([
  [0.03, -3.5065579414367676],
  [0.55, -0.597836971282959],
  [0.65, -0.4307829737663269],
  [0.71, -0.3424903154373169],
  [1, 0],
  [1.1, 0.09531019628047943],
  [1.3, 0.2623642086982727],
  [2.2, 0.7884573936462402],
  [5, 1.6094379425048828],
  [14.6, 2.6810214519500732],
])("ln %d is numpy's to the last bit", (value, logarithm) => {
  expect(float32Log(Math.fround(value))).toBe(logarithm)
})
