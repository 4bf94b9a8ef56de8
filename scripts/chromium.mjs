import { aptInstall, canUseApt, findProgram } from './system-packages.mjs'

/** Without the windows that nobody sees, a page takes 60 % of the processor time. */
const headless = 'chromium-headless-shell'
const browsers = [headless, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * Says where the browser for the tests is, as environment; installs Debian's headless chromium where that can be done
 * without asking.
 */
export async function ensureChromium(env) {
  if (env.CHROMIUM) return { CHROMIUM: env.CHROMIUM }
  if (!findProgram([headless]) && canUseApt()) await install()
  const found = findProgram(browsers)
  if (found) return { CHROMIUM: found }
  throw new Error('The browser tests need chromium: install it, or set CHROMIUM to the program.')
}

async function install() {
  try {
    await aptInstall(headless)
  } catch {
    // Not every Debian and Ubuntu has it.
    if (!findProgram(browsers)) await aptInstall('chromium')
  }
}
