import { plan } from './plan.ts'
import { run, tryRun } from './run.ts'

/**
 * Our own nftables table: masquerading for pods and builds, and a shut door on the node's ports for other machines.
 * A table of our own is added and taken away whole, beside whatever rules the person has.
 */
export const firewallRules = `add table ip ${plan.table}
delete table ip ${plan.table}
table ip ${plan.table} {
  chain outward {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${plan.podNetwork} ip daddr != { ${plan.podNetwork}, 224.0.0.0/4 } masquerade
    ip saddr ${plan.dockerNetwork} oifname != "${plan.dockerBridge}" masquerade
  }
  chain door {
    type filter hook input priority filter; policy accept;
    tcp dport { 6443, 10250 } iifname != { "lo", "${plan.bridge}", "${plan.dockerBridge}" } drop
  }
}
`

/** Rules for a machine whose FORWARD policy is DROP (a Docker engine of the person's sets it so): our bridges may forward. */
export const forwardRules: readonly (readonly string[])[] = [plan.bridge, plan.dockerBridge].flatMap((bridge) =>
  ['-i', '-o'].map((direction) => ['FORWARD', direction, bridge, '-m', 'comment', '--comment', plan.table, '-j', 'ACCEPT']),
)

export async function raiseFirewall(): Promise<void> {
  await run('nft', ['-f', '-'], { input: firewallRules })
  const policy = await tryRun('iptables', ['-S', 'FORWARD'])
  if (!policy.stdout.startsWith('-P FORWARD DROP')) return
  for (const rule of forwardRules) {
    if ((await tryRun('iptables', ['-C', ...rule])).code !== 0) await run('iptables', ['-I', ...rule])
  }
}

/** Names of the chains in the text of iptables-save, by table. */
export function chainsIn(saved: string): Map<string, Set<string>> {
  const tables = new Map<string, Set<string>>()
  let chains = new Set<string>()
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) {
      chains = new Set()
      tables.set(line.slice(1).trim(), chains)
    } else if (line.startsWith(':')) chains.add(line.slice(1).split(' ')[0] as string)
  }
  return tables
}

/**
 * What takes out of the rules what the sandbox brought: chains of CNI plugins and Kubernetes that were not there before, with every rule that leads
 * to them, and rules with our mark. Text for `iptables-restore --noflush`; empty when there is nothing to do. All other rules stay untouched.
 */
export function removalOf(before: string, now: string): string {
  const old = chainsIn(before)
  const lines: string[] = []
  let table = ''
  let removals: string[] = []
  let foreign = new Set<string>()
  const flush = (): void => {
    const chains = [...foreign]
    if (removals.length + chains.length > 0) {
      lines.push(`*${table}`, ...removals, ...chains.map((chain) => `-F ${chain}`), ...chains.map((chain) => `-X ${chain}`), 'COMMIT')
    }
  }
  for (const line of now.split('\n')) {
    if (line.startsWith('*')) {
      table = line.slice(1).trim()
      removals = []
      foreign = new Set()
    } else if (line.startsWith(':')) {
      const chain = line.slice(1).split(' ')[0] as string
      if (/^(KUBE|CNI)-/.test(chain) && !old.get(table)?.has(chain)) foreign.add(chain)
    } else if (line.startsWith('-A ')) {
      const chain = line.split(' ')[1] as string
      const target = /(?:-j|-g) (\S+)/.exec(line)?.[1]
      const ours = line.includes(`--comment ${plan.table} `) || (target !== undefined && foreign.has(target))
      if (ours && !foreign.has(chain)) removals.push(`-D ${line.slice(3)}`)
    } else if (line.startsWith('COMMIT')) flush()
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** Tables of iptables that were not there before and hold nothing any more. */
export function emptyNewTables(before: string, now: string): string[] {
  const old = chainsIn(before)
  const rules = new Set<string>()
  let table = ''
  for (const line of now.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim()
    // A chain of somebody's, a rule, or a policy that somebody set.
    else if (line.startsWith('-A ') || (line.startsWith(':') && !line.includes(' ACCEPT '))) rules.add(table)
  }
  return [...chainsIn(now).keys()].filter((name) => !old.has(name) && !rules.has(name))
}

export interface SavedRules {
  v4: string
  v6: string
}

export async function saveRules(): Promise<SavedRules> {
  const [v4, v6] = await Promise.all([tryRun('iptables-save', []), tryRun('ip6tables-save', [])])
  return { v4: v4.stdout, v6: v6.stdout }
}

/** Takes our tables, kube-proxy's tables and what CNI plugins left away. Without a note of what was there before, only what carries our mark. */
export async function lowerFirewall(noted: SavedRules | undefined): Promise<void> {
  const tables = await ourTables()
  for (const table of tables) await tryRun('nft', ['delete', 'table', ...table.split(' ')])
  const now = await saveRules()
  const before = noted ?? now
  for (const [restore, text] of [
    ['iptables-restore', removalOf(before.v4, now.v4)],
    ['ip6tables-restore', removalOf(before.v6, now.v6)],
  ] as const) {
    if (text !== '') await run(restore, ['--noflush'], { input: text })
  }
  const after = await saveRules()
  // The nftables kind of iptables makes its tables when first used. The legacy kind has no such tables, and nft then refuses.
  for (const name of emptyNewTables(before.v4, after.v4)) await tryRun('nft', ['delete', 'table', 'ip', name])
  for (const name of emptyNewTables(before.v6, after.v6)) await tryRun('nft', ['delete', 'table', 'ip6', name])
}

/** The nftables tables that exist because of the sandbox, as `family name`. */
export async function ourTables(): Promise<string[]> {
  const { stdout } = await tryRun('nft', ['list', 'tables'])
  const ours = [`ip ${plan.table}`, 'ip kube-proxy', 'ip6 kube-proxy']
  return stdout
    .split('\n')
    .map((line) => line.replace(/^table /, '').trim())
    .filter((table) => ours.includes(table))
}
