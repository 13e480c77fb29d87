import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** The script that gives every page these readers before its own scripts run. */
export const inPage = join(import.meta.dirname, 'in-page.js')

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A row of a tree, as it is drawn. Texts that are not there are empty. */
export interface TreeRow {
  index: number
  level: number
  label: string
  description: string
  ariaLabel: string
  badge: string
  /** Name of the codicon. */
  icon: string
  iconColor: string
  expanded?: boolean
  selected: boolean
  actions: string[]
}

export interface QuickRow {
  index: number
  label: string
  description: string
  detail: string
  checked: boolean
  focused: boolean
}

export interface QuickInputState {
  title: string
  placeholder: string
  value: string
  message: string
  busy: boolean
  rows: QuickRow[]
}

export interface Notice {
  /** `info`, `warning`, `error`. */
  severity: string
  message: string
  buttons: string[]
  inProgress: boolean
}

export interface Dialog {
  message: string
  detail: string
  buttons: string[]
}

/** What in-page.js offers. Views are named as their header says. */
export interface InPage {
  containers(): { label: string; title: string; badge: string; active: boolean; box: Box }[]
  views(): string[]
  rows(view: string): TreeRow[] | undefined
  reveal(view: string, index: number): { at: Box; row: TreeRow } | undefined
  twistie(view: string, index: number): Box | undefined
  inlineAction(view: string, index: number, label: string): Box | undefined
  viewText(view: string): { message: string; description: string; welcome: string[]; buttons: string[] } | undefined
  welcomeButton(view: string, label: string): Box | undefined
  hovers(): string[]
  /** Widths of the pictures in hovers. */
  hoverPictures(): number[]
  quickInput(): QuickInputState | undefined
  revealOption(index: number): Box | undefined
  menu(): string[]
  toasts(): Notice[]
  dialog(): Dialog | undefined
  statusBar(): { id: string; text: string; ariaLabel: string; kind: string }[]
  tabs(): { label: string; active: boolean; dirty: boolean }[]
  editorText(): string
  terminal(): string
  webviews(): { name: string; visible: boolean; title: string; box: Box }[]
  texts(selector: string): string[]
}

/** Calls one of the readers in the page. */
export function ask<Name extends keyof InPage>(page: Page, name: Name, ...args: Parameters<InPage[Name]>): Promise<ReturnType<InPage[Name]>> {
  return page.evaluate(
    ([reader, values]) => (globalThis as unknown as { locoPage: Record<string, (...all: unknown[]) => unknown> }).locoPage[reader]?.(...values),
    [name, args] as const,
  ) as Promise<ReturnType<InPage[Name]>>
}

/** The middle of a box, where a person would click. */
export const middle = ({ x, y, width, height }: Box): [number, number] => [x + width / 2, y + height / 2]
