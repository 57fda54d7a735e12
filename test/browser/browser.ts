import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

// Debian's package; a browser that plays no part in updating, syncing or reporting.
const executablePath = '/usr/bin/chromium'
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real browser for the tests of a file; each visitor has cookies of their own and no scripts. */
export function aBrowser(): { visitor(): Promise<BrowserContext> } {
  let browser: Browser | null = null

  beforeAll(async () => {
    if (!existsSync(executablePath))
      throw new Error(`${executablePath} is missing; npm test installs it as root on Debian`)
    browser = await chromium.launch({ executablePath, args: flags, headless: true })
  })

  afterAll(async () => {
    await browser?.close()
  })

  return {
    async visitor() {
      if (browser === null) throw new Error('the browser has not started')
      return await browser.newContext({ javaScriptEnabled: false })
    },
  }
}
