import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import { removeKey } from '../edit.ts'
import { pathText } from '../path.ts'
import { dotted, leavesOf, rewriting, setting, textOf } from './context.ts'
import type { ClusterRule, Finding, ValuesRule } from './rule.ts'

/** The kubelet tells no more images than this of a node. */
const mostTold = 50

/** VA-06: an image that nobody pulls is on a node. Without a tag, Bootstrap gives one and loads the image itself. */
export const imageThere: ClusterRule = {
  code: 'LOCO-VA-06',
  severity: 'error',
  knowable: 'plan',
  needsCluster: true,
  ours: true,
  applies: (view) => imageOf(view) !== undefined,
  check(view, { nodes }) {
    const image = imageOf(view)
    if (image === undefined) return []
    if (nodes === undefined) return { unknown: t('the nodes of the cluster cannot be read') }
    const there = nodes.flatMap(({ images }) => images).map(plainName)
    if (there.includes(image.name)) return []
    if (nodes.some(({ images }) => images.length >= mostTold)) return { unknown: t`a node tells only its ${mostTold} biggest images` }
    const tags = [...new Set(there.filter((name) => name.startsWith(`${image.repository}:`)).map((name) => name.slice(image.repository.length + 1)))].filter(
      (tag) => tag !== 'latest',
    )
    return [
      {
        code: 'LOCO-VA-06',
        path: dotted('emulator.tag'),
        involved: [dotted('emulator.imagePullPolicy'), dotted('emulator.image')],
        message:
          image.policy === 'Never'
            ? t`No node has ${image.name}, and the policy Never forbids pulling it. "loco rebuild emulator" builds and loads it.`
            : t`No node has ${image.name}, and without imageRepo no registry of yours is asked. "loco rebuild emulator" builds and loads it.`,
        fixes: () => [
          ...tags.map((tag) => setting(view, dotted('emulator.tag'), tag, tags.length === 1, t`Use the tag ${tag}, which a node has`)),
          setting(view, dotted('emulator.tag'), '', tags.length === 0, t('Leave the tag to Bootstrap')),
          ...(image.policy === 'Never' && image.repository.includes('/') ? [setting(view, dotted('emulator.imagePullPolicy'), 'IfNotPresent', false)] : []),
        ],
      },
    ]
  },
}

/** The emulator's image, when it has a tag and must be on the node. */
function imageOf(view: View): { name: string; repository: string; policy: string } | undefined {
  const [tag, image, policy, repo] = ['emulator.tag', 'emulator.image', 'emulator.imagePullPolicy', 'imageRepo'].map((path) => textOf(view, path) ?? '') as [
    string,
    string,
    string,
    string,
  ]
  const local = policy === 'Never' || (policy === 'IfNotPresent' && repo === '' && !image.includes('/'))
  if (tag === '' || tag === 'latest' || image === '' || !local) return undefined
  const repository = plainName(repo === '' ? image : `${repo.replace(/\/$/, '')}/${image}`)
  return { name: `${repository}:${tag}`, repository, policy }
}

/** `docker.io/library/a:b` and `a:b` are one image. */
const plainName = (name: string): string => name.replace(/^docker\.io\/(?:library\/)?/, '')

/** VA-07: a tag names one build. Our chart takes its own version for an empty tag, and refuses `latest`. */
export const oneBuild: ValuesRule = {
  code: 'LOCO-VA-07',
  severity: 'warning',
  knowable: 'values',
  needsCluster: false,
  ours: false,
  check(view) {
    return leavesOf(view.document.values).flatMap(({ path, value }): Finding[] => {
      if (value !== 'latest' || !/^(?:tag|imageTag)$/i.test(String(path.at(-1)))) return []
      const ours = view.chart?.ours === true
      return [
        {
          code: 'LOCO-VA-07',
          severity: ours ? 'error' : 'warning',
          path,
          message: t`The tag latest of ${pathText(path)} hides which build runs: nodes can run different ones, and a rollback changes nothing.`,
          fixes: () =>
            ours
              ? [setting(view, path, '', true, t("Use the chart's version"))]
              : view.role === 'overlay'
                ? [rewriting(view, t('Leave the tag to the chart'), false, (document) => removeKey(document, path))]
                : [],
        },
      ]
    })
  },
}
