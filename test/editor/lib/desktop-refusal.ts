/** Where @vscode/test-electron gets a desktop VS Code from. */
const source = 'https://update.code.visualstudio.com'

/** Why no desktop VS Code can be tried on this machine; undefined when one can. */
export async function desktopRefusal(): Promise<string | undefined> {
  const { platform, env } = process
  const display = platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined
  if (!display) return 'a desktop VS Code needs a display, and there is none here (xvfb-run gives one)'
  try {
    await fetch(`${source}/api/releases/stable`, { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
    return undefined
  } catch {
    return `a desktop VS Code is fetched from ${new URL(source).host}, which does not answer from here`
  }
}
