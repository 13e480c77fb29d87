const ansi = { red: 31, green: 32, yellow: 33, grey: 90, bold: 1 } as const
export type Colour = keyof typeof ansi

/** Colours text for a person, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string

/** Colours with the codes that every terminal knows. */
export const inColour: Paint = (colour, text) => `\u001b[${ansi[colour]}m${text}\u001b[0m`

/** Colour only where a person watches and has not refused it (no-color.org). */
export function paintFor(interactive: boolean, env: NodeJS.ProcessEnv): Paint {
  return interactive && (env['NO_COLOR'] ?? '') === '' ? inColour : (_, text) => text
}
