import type { CodeEntry } from './entry.ts'

/** The chart and helm: the program (00x), the chart and its values (01x), the release (02x), what the chart makes (03x), the rest (090). */
export const chartCodes = {
  'LOCO-CHT-001': {
    exit: 35,
    title: 'Helm is missing',
    explain: 'The program `helm` was not found. The sandbox brings one; for another cluster install Helm 3.18.5 or newer, or 4.x, from https://helm.sh.',
  },
  'LOCO-CHT-002': {
    exit: 36,
    title: 'Helm is too old',
    explain:
      'Older versions read the values schema with another validator and let wrong values through. Needed is Helm 3.18.5 or newer, or 4.x; the message names the program that was found.',
  },
  'LOCO-CHT-003': {
    exit: 39,
    title: 'Helm cannot be run',
    explain: 'The file exists but is not a program for this machine, may not be executed, or died of a signal. The evidence holds what the system said.',
  },
  'LOCO-CHT-004': {
    exit: 32,
    title: 'Helm does not come to an end',
    explain:
      'Helm was given the stated time and was then stopped. Mostly the cluster does not answer; the evidence holds the last words of helm. Run the command again: a release that was left half-way is healed first.',
  },
  'LOCO-CHT-010': {
    exit: 35,
    title: 'No chart there',
    explain: 'The folder does not exist or holds no `Chart.yaml`, or a chart that it builds on is missing from its `charts` folder.',
  },
  'LOCO-CHT-011': {
    exit: 38,
    title: 'The chart renders broken YAML',
    explain:
      'A template renders text that is no YAML, a defect of the chart or of a value that is put into it without quotes. The line is counted in the rendered text; `helm template --debug` prints it.',
  },
  'LOCO-CHT-012': {
    exit: 38,
    title: 'The values do not fit the chart',
    explain:
      'The schema of the chart refuses a value: a name that the chart does not have, a wrong type, or something outside the allowed range. `docs/values.md` lists all values.',
  },
  'LOCO-CHT-013': {
    exit: 38,
    title: 'The chart refuses the values',
    explain:
      'Each value is possible, but not together with the others, or not in this release of the chart. The sentence comes from the chart and says what to change.',
  },
  'LOCO-CHT-014': {
    exit: 38,
    title: 'A template of the chart is wrong',
    explain:
      'A template, or the schema of the chart, has an error, or uses a value that does not exist. The message names file and line. In an unchanged chart of ours this is a defect: please report it.',
  },
  'LOCO-CHT-015': {
    exit: 38,
    title: 'A values file cannot be used',
    explain: 'The file does not exist, cannot be read, is no YAML, or is no mapping of names to values. The message names the file and, where known, the line.',
  },
  'LOCO-CHT-016': {
    exit: 38,
    title: 'The chart does not pass its check',
    explain: '`helm lint` reports an error that is none of those which have a code of their own. The evidence holds its words.',
  },
  'LOCO-CHT-017': {
    exit: 36,
    title: 'The cluster is too old for the chart',
    explain: 'The chart needs a newer Kubernetes than the cluster runs. Upgrade the cluster, or take another one.',
  },
  'LOCO-CHT-018': {
    exit: 38,
    title: 'The name of the release cannot be used',
    explain: 'A release name has up to 53 characters (38 for our chart) of `a-z`, `0-9` and `-`, and begins and ends with a letter or digit.',
  },
  'LOCO-CHT-020': {
    exit: 35,
    title: 'No such release',
    explain: 'Helm knows no release of this name in the namespace. `helm list --all-namespaces` lists all.',
  },
  'LOCO-CHT-021': {
    exit: 31,
    title: 'Another helm works on the release',
    explain:
      'The release is marked as being installed, upgraded or rolled back. Either another `helm` really does that, or one died half-way. Bootstrap heals the second case; for the first, wait until it is done.',
  },
  'LOCO-CHT-022': {
    exit: 31,
    title: 'An object belongs to somebody else',
    explain:
      'The chart wants to make an object that exists and was not made by this release. Loco Cluster does not take over what it did not make: delete or rename the other object, or choose another release name or namespace.',
  },
  'LOCO-CHT-023': {
    exit: 31,
    title: 'The change needs a new StatefulSet',
    explain:
      'Size and class of the claims, the storage strategy and the labels by which the StatefulSet finds its pods cannot be changed while it exists. Take the value back, or destroy with `--keep-data` and bootstrap again; claims that exist keep their size and class.',
  },
  'LOCO-CHT-030': {
    exit: 38,
    title: 'Objects of the chart break Pod Security',
    explain:
      'The rendered pods do not keep to the level `restricted` of the Pod Security Standards, so that a namespace which enforces it would refuse them. The evidence names object and field.',
  },
  'LOCO-CHT-090': {
    exit: 30,
    title: 'Helm failed',
    explain: 'Helm failed for a reason that Loco Cluster does not know by name. Its own words are in the message and the evidence.',
  },
} as const satisfies Record<string, CodeEntry>
