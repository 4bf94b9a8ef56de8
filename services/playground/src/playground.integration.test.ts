import { describe } from 'vitest'
import { hasChromium } from './testing/browser.ts'
import { useService } from './testing/service.ts'
import { accessTests } from './testing/suites/access.ts'
import { drawingTests } from './testing/suites/drawing.ts'
import { keyTests } from './testing/suites/key.ts'
import { runsTests } from './testing/suites/runs.ts'

describe.skipIf(!hasChromium)('playground', { timeout: 240_000 }, () => {
  const service = useService()
  describe('runs', () => runsTests(service))
  describe('for everybody', () => accessTests(service))
  describe('drawing', () => drawingTests(service))
  describe('with keys', () => keyTests(service))
})
