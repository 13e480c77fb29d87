import type { Problem, TextRange, ValuePath } from './types.ts'
export class ValuesDocument {
  readonly file: string
  readonly text: string
  readonly values: Readonly<Record<string, unknown>> = {}
  readonly syntax: readonly Problem[] = []
  readonly broken: boolean = false
  private constructor(file: string, text: string) {
    this.file = file
    this.text = text
  }
  static parse(file: string, text: string): ValuesDocument {
    return new ValuesDocument(file, text)
  }
  locate(_path: ValuePath): { key: TextRange | undefined; value: TextRange; entry: TextRange } | undefined {
    return undefined
  }
  nearest(_path: ValuePath): TextRange {
    return { start: 0, end: 0 }
  }
  pathAt(_offset: number): { path: ValuePath; part: 'key' | 'value' } | undefined {
    return undefined
  }
  keysOf(_path: ValuePath): readonly string[] {
    return []
  }
}
