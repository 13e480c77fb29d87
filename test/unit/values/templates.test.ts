import assert from 'node:assert/strict'
import { pathText } from '../../../src/values/path.ts'
import { TemplateIndex } from '../../../src/values/templates.ts'
import { ourChart } from './rules/given.ts'

const indexOf = (...texts: string[]): TemplateIndex => TemplateIndex.of(texts.map((text, index) => ({ file: `t${index}`, text })))

describe('values in templates', () => {
  /** [a template, what it reads, as `path` or, where it provides for its absence, `path?`] */
  const reads: [string, string[]][] = [
    ['{{ .Values.a.b }}', ['a.b']],
    ['{{- .Values.a.b | quote -}}', ['a.b']],
    ['{{ $.Values.a }}{{ $ }}', ['a']],
    ['{{ "}} .Values.no" }}{{ .Values.a }}', ['a']],
    ['{{/* .Values.no }} */}}{{ .Values.a }}', ['a']],
    ['text .Values.no', []],
    ['{{ .Release.Name }}{{ .Chart.Values.no }}', []],
    ['{{ default "x" .Values.a }}', ['a?']],
    ['{{ .Values.a | default .Values.b }}', ['b?', 'a?']],
    ['{{ if .Values.a }}{{ .Values.a.b }}{{ end }}', ['a?', 'a.b?']],
    ['{{ if and .Values.a (not .Values.b) }}x{{ else if .Values.c }}{{ .Values.d }}{{ else }}{{ .Values.e }}{{ end }}', ['a?', 'b?', 'c?', 'd', 'e']],
    ['{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ else }}{{ .Values.d }}{{ end }}', ['a?', 'a.b?', 'c', 'd']],
    ['{{ with .Values.a.b }}{{ toYaml . | nindent 2 }}{{ end }}', ['a.b?', 'a.b?']],
    ['{{ range .Values.list }}{{ .name }}{{ end }}', ['list?', 'list.*.name?']],
    ['{{ range $key, $value := .Values.env }}{{ $key }}={{ $value }}{{ end }}', ['env?', 'env.*?']],
    ['{{ $x := .Values.a }}{{ $x.b }}{{ $y := $x.c }}{{ $y.d }}', ['a.b', 'a.c.d']],
    ['{{ $x := .Values.a }}{{ if .Values.q }}{{ $x = .Values.b }}{{ end }}{{ $x.c }}', ['q?', 'a.c', 'b.c']],
    ['{{ (index .Values "a-b").c }}', ['a-b.c']],
    ['{{ index .Values.a "b" "c" }}', ['a.b.c']],
    ['{{ get .Values.a "b" }}', ['a.b?']],
    ['{{ hasKey .Values.a "b" }}', ['a.b?']],
    ['{{ dig "a" "b" "none" .Values }}', ['a.b?']],
    ['{{ required "give it" .Values.a }}', ['a?']],
    ['{{ printf "%s-%d" .Values.a (int .Values.b) }}', ['a', 'b']],
    ['{{ ternary .Values.a .Values.b .Values.c }}', ['c?', 'a', 'b']],
    ['{{ coalesce .Values.a .Values.b }}', ['a?', 'b?']],
    ['{{ define "x" }}{{ .Values.a }}{{ end }}{{ include "x" . }}', ['a']],
    ['{{ define "x" }}{{ .path }}{{ end }}{{ include "x" .Values.probe | nindent 4 }}', ['probe.path']],
    ['{{ define "x" }}{{ .it.path }}{{ .root.Values.b }}{{ end }}{{ include "x" (dict "it" .Values.probe "root" $) }}', ['probe.path', 'b']],
    ['{{ define "x" }}{{ include "x" . }}{{ .Values.a }}{{ end }}{{ include "x" . }}', ['a']],
    ['{{ template "x" .Values.a }}{{ define "x" }}{{ .b }}{{ end }}', ['a.b']],
    ['{{ define "unused" }}{{ .Values.a }}{{ end }}', ['a']],
    ['{{ end }}{{ .Values.a }}{{ if', ['a']],
    ['{{ .Values.a }', ['a']],
  ]
  for (const [text, expected] of reads) {
    it(text, () => {
      const found = indexOf(text).mentions.filter(({ use }) => use !== 'step')
      assert.deepEqual(found.map(({ path, guarded }) => `${pathText(path)}${guarded ? '?' : ''}`.replaceAll('["*"]', '.*')).sort(), [...expected].sort())
    })
  }

  it('places are those of the words', () => {
    const text = '{{ with .Values.emulator }}{{ index .env "A" }}{{ end }}'
    const places = indexOf(text).mentions.filter(({ spelt }) => spelt)
    assert.deepEqual(
      places.map(({ path, range }) => [pathText(path), text.slice(range.start, range.end)]),
      [
        ['emulator', 'emulator'],
        ['emulator.env', 'env'],
        ['emulator.env.A', 'A'],
      ],
    )
  })

  /** [templates, values, what nothing reads] */
  const unread: [string, Record<string, unknown>, string[]][] = [
    ['{{ .Values.a.b }}', { a: { b: 1, c: 2 }, d: 3 }, ['a.c', 'd']],
    ['{{ toYaml .Values.a }}', { a: { b: 1, c: { d: 2 } } }, []],
    ['{{ with .Values.a }}{{ .b }}{{ end }}', { a: { b: 1, c: 2 } }, ['a.c']],
    ['{{ if .Values.a }}x{{ end }}', { a: { b: 1 } }, ['a.b']],
    ['{{ if .Values.a.on }}x{{ end }}', { a: { on: true } }, []],
    ['{{ range .Values.list }}{{ . }}{{ end }}', { list: [{ a: 1 }] }, []],
    ['{{ .Values.a.b.c }}', { a: { b: {} } }, []],
    ['{{ .Values.a }}', { a: 1, global: { b: 1 } }, []],
    ['{{ include "library.all" . }}', { a: 1 }, []],
    ['{{ include "library.one" .Values.a }}', { a: { b: 1 }, c: 1 }, ['c']],
  ]
  for (const [text, values, expected] of unread)
    it(`${text}: unread of ${JSON.stringify(values)}`, () => assert.deepEqual(indexOf(text).unread(values).map(pathText), expected))

  /** [templates, values, what nobody defines] */
  const undefinedRows: [string, Record<string, unknown>, string[]][] = [
    ['{{ .Values.a.b }}', { a: { c: 1 } }, ['a.b']],
    ['{{ .Values.a.b }}', {}, ['a.b']],
    ['{{ .Values.a.b }}{{ .Values.a.b }}', { a: { b: null } }, []],
    ['{{ .Values.a.b | default 1 }}', { a: { c: 1 } }, []],
    ['{{ if .Values.a.b }}{{ .Values.a.b }}{{ end }}', { a: { c: 1 } }, []],
    ['{{ .Values.labels.team }}', { labels: {} }, []],
    ['{{ range .Values.list }}{{ .name }}{{ end }}', { list: [] }, []],
  ]
  for (const [text, values, expected] of undefinedRows)
    it(`${text}: undefined in ${JSON.stringify(values)}`, () =>
      assert.deepEqual(
        indexOf(text)
          .undefinedIn(values)
          .map(({ path }) => pathText(path)),
        expected,
      ))

  it('templates that include themselves with ever new values come to an end', () => {
    for (const next of ['(dict "a" .)', '(dict "a" . "b" .)', '.a', '(index . "b" "c")'])
      assert.ok(indexOf(`{{ define "x" }}{{ include "x" ${next} }}{{ end }}{{ include "x" .Values.a }}`).mentions.length > 0)
  })

  it('templates that are nested without end say nothing', () => {
    const index = indexOf('{{ if .Values.a }}'.repeat(50_000))
    assert.deepEqual([index.mentions.length, index.opaque, index.unread({ b: 1 })], [0, true, []])
  })

  describe('of our own chart', () => {
    it('every value that templates use has a default', async () => {
      const { templates, defaults } = await ourChart()
      assert.deepEqual(
        TemplateIndex.of(templates)
          .undefinedIn(defaults.values)
          .map(({ path }) => pathText(path)),
        [],
      )
    })

    it('who reads a value through variables, includes and with', async () => {
      const index = TemplateIndex.of((await ourChart()).templates)
      const readers = (path: string): string[] => [...new Set(index.readers(path.split('.')).map(({ file }) => file.split('/').at(-1) ?? ''))].sort()
      assert.deepEqual(readers('emulator.probes.startup.path'), ['_pods.tpl'])
      assert.deepEqual(readers('emulator.resources.limits.memory'), ['_resources.tpl'])
      assert.ok(readers('replicas').includes('emulator-statefulset.yaml'))
      assert.deepEqual(readers('emulator.replicas'), [])
    })
  })
})
