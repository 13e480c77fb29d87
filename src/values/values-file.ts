/** Folders below a chart that hold no values. */
const notValues = ['templates', 'charts', 'crds', 'ci']

/** True for a file that holds values by its place: `inChart` is its path below the folder of Chart.yaml, such as `values-kind.yaml`. */
export function isValuesFile(inChart: string): boolean {
  const names = inChart.split('/')
  const name = names.at(-1) ?? ''
  if (!/\.ya?ml$/i.test(name) || names.some((one) => one.startsWith('.')) || notValues.includes(names[0] ?? '')) return false
  return names.length > 1 ? /values/i.test(name) : !/^(?:Chart|requirements|artifacthub-repo)\.ya?ml$|^Chart\.lock$/i.test(name)
}
