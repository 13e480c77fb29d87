import assert from 'node:assert/strict'
import { absolutePaths, type PlaceRules, placeOf } from '../../../../src/editor/values/place.ts'

const disk: Record<string, string> = {
  '/w/loco/Chart.yaml': 'apiVersion: v2\nname: loco\nversion: 1.0.0\n',
  '/w/quoted/Chart.yaml': 'name: "loco" # ours\r\n',
  '/w/other/Chart.yaml': 'name: locomotive\n',
  '/w/known/Chart.yaml': 'name: grafana\n',
}
const rules: PlaceRules = {
  charts: ['/w/known'],
  lists: [
    ['/w/base.yaml', '/w/fleet.yaml'],
    ['/w/loco/mine/extra.yml', '/w/other/values.yaml'],
  ],
  ownChart: '/ext/helm/loco-chart',
}
const place = (file: string): string => {
  const found = placeOf(file, rules, { read: (path) => disk[path] })
  return found === undefined ? 'none' : [found.chart, found.role, ...found.under].join(' ')
}

describe('which values files are ours', () => {
  const cases: [file: string, expected: string][] = [
    ['/w/loco/values.yaml', '/w/loco defaults'],
    ['/w/loco/values-kind.yaml', '/w/loco overlay'],
    ['/w/loco/mine.yml', '/w/loco overlay'],
    ['/w/loco/ci/values.yaml', 'none'],
    ['/w/loco/envs/values-prod.yaml', '/w/loco overlay'],
    ['/w/loco/envs/notes.yaml', 'none'],
    ['/w/loco/Chart.yaml', 'none'],
    ['/w/loco/templates/a.yaml', '/w/loco template'],
    ['/w/loco/templates/_helpers.tpl', '/w/loco template'],
    ['/w/loco/charts/sub/values.yaml', 'none'],
    ['/w/loco/mine/extra.yml', '/w/loco overlay'],
    ['/w/quoted/values.yaml', '/w/quoted defaults'],
    ['/w/other/values-x.yaml', 'none'],
    ['/w/other/values.yaml', '/ext/helm/loco-chart overlay /w/loco/mine/extra.yml'],
    ['/w/known/values.yaml', '/w/known defaults'],
    ['/w/known/values-x.yaml', '/w/known overlay'],
    ['/w/base.yaml', '/ext/helm/loco-chart overlay'],
    ['/w/fleet.yaml', '/ext/helm/loco-chart overlay /w/base.yaml'],
    ['/w/values.yaml', 'none'],
    ['/elsewhere/deployment.yaml', 'none'],
  ]
  for (const [file, expected] of cases) it(`${file} → ${expected}`, () => assert.equal(place(file), expected))
})

describe('paths of settings and tasks', () => {
  const cases: [path: unknown, folder: string | undefined, expected: string[]][] = [
    ['values.yaml', '/w', ['/w/values.yaml']],
    ['../values.yaml', '/w/a', ['/w/values.yaml']],
    ['/etc/values.yaml', '/w', ['/etc/values.yaml']],
    [`$\{workspaceFolder}/values.yaml`, '/w', ['/w/values.yaml']],
    ['values.yaml', undefined, []],
    ['/etc/values.yaml', undefined, ['/etc/values.yaml']],
    ['', '/w', []],
    [7, '/w', []],
  ]
  for (const [path, folder, expected] of cases)
    it(`${String(path)} from ${folder ?? 'nowhere'}`, () => assert.deepEqual(absolutePaths([path], folder), expected))
})
