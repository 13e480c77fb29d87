import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { installPackages } from '../../../src/sandbox/packages.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const found = (): string | undefined =>
  process.env['CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path))

/** The browser of this machine, installed by apt where that can be done. @returns why there is none, as text for a skip */
export async function ensureChromium(say: (sentence: string) => void = () => {}): Promise<string | undefined> {
  if (found() !== undefined) return undefined
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return 'no Chromium is on the path, and it cannot be installed without root and apt (CHROMIUM names one)'
  await installPackages(['chromium'], ({ sentence }) => say(sentence))
  return found() === undefined ? 'the package chromium brought no Chromium' : undefined
}

/** A headless browser that reaches this machine only. */
export function launchChromium(): Promise<Browser> {
  const executablePath = found()
  if (executablePath === undefined) throw new Error('no Chromium; ensureChromium says why')
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  const onlyHere = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'
  return chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', ...quiet, onlyHere] })
}
