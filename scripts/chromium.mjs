import { aptInstall, canUseApt, findProgram } from './system-packages.mjs'

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Says where the browser for the tests is, as environment; installs Debian's chromium where that can be done without
 * asking.
 */
export async function ensureChromium(env) {
  const found = env.CHROMIUM ?? findProgram(browsers)
  if (found) return { CHROMIUM: found }
  if (canUseApt()) await aptInstall('chromium')
  const installed = findProgram(browsers)
  if (installed) return { CHROMIUM: installed }
  throw new Error('The browser tests need chromium: install it, or set CHROMIUM to the program.')
}
