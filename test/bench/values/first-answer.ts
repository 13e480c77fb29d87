// Run as a process of its own: prints the milliseconds from the first import to the first completion, and to all diagnostics, of the file that it is given.
const begun = performance.now()
const { readFileSync } = await import('node:fs')
const { folder, viewOfText } = await import('./given.ts')
const { complete } = await import('../../../src/values/complete.ts')
const { check } = await import('../../../src/values/check.ts')
const text = readFileSync(process.argv[2] ?? '', 'utf8')
const view = viewOfText(text, folder)
complete(view, text.length)
const answered = performance.now() - begun
check(view)
process.stdout.write(JSON.stringify({ answered, checked: performance.now() - begun }))
