import { connect, createServer, type Server } from 'node:net'
import { t } from '@vscode/l10n'
import { type Disposable, disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import { waitFor } from '../base/wait.ts'

/** An abstract socket of Linux: taken by one at a time, and free again in the moment its holder ends, however it ends. */
export const lockAddress = '\0loco-cluster-sandbox'

export interface LockHolder {
  pid: number
  /** What it does, in a few words: up, down. */
  what: string
}

export interface LockOptions {
  what: string
  /** Milliseconds to wait for another holder. */
  wait: number
  signal?: AbortSignal
  /** Called once when somebody else holds the lock. */
  onWait?: (holder: LockHolder | undefined) => void
  address?: string
}

/** Takes a lock of which the machine has one; dispose the result to give it back. @throws LOCO-SBX-012 naming the holder when it does not get it in time. */
export async function takeLock({ what, wait, signal, onWait, address = lockAddress }: LockOptions): Promise<Disposable> {
  let told = false
  let holder: LockHolder | undefined
  const server = await waitFor(
    async () => {
      const mine = await listen(address, { pid: process.pid, what })
      if (mine !== undefined) return mine
      holder = await lockHolder(address)
      if (!told) onWait?.(holder)
      told = true
      return undefined
    },
    () =>
      new LocoError('LOCO-SBX-012', {
        what: t('Another command does the same work on this machine.'),
        why: holder === undefined ? t`It did not end within ${wait / 1000} s.` : t`Process ${holder.pid} is at it: ${holder.what}.`,
        fix: [t('Wait until it has ended, then run the command again.')],
      }),
    { timeout: wait, interval: 100, ...(signal ? { signal } : {}) },
  )
  return disposable(() => server.close())
}

/** Who holds the lock; undefined when nobody does or does not say. */
export function lockHolder(address = lockAddress): Promise<LockHolder | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(address)
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('data', (chunk) => (text += chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as LockHolder)
      } catch {
        resolve(undefined)
      }
    })
  })
}

function listen(address: string, holder: LockHolder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(JSON.stringify(holder))
    })
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(address, () => resolve(server))
    server.unref() // The lock must not keep its holder alive.
  })
}
