// Mocha's spec reporter that also writes counts, what failed and the reason of each skip to the file named by LOCO_TEST_REPORT.
const { writeFileSync } = require('node:fs')
const Mocha = require('mocha')

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const skipped = []
    const failures = []
    runner.on('fail', (test, error) => {
      const message = String(error?.message ?? error).replace(/\s+/g, ' ')
      failures.push({ title: test.fullTitle(), reason: message.length > 300 ? `${message.slice(0, 300)} …` : message })
    })
    runner.on('pending', (test) => {
      // The reason is set by skipBecause (test/skip.ts) on the test or on a suite around it.
      let holder = test
      while (holder && !holder.skipReason) holder = holder.parent
      skipped.push({ title: test.fullTitle(), reason: holder?.skipReason ?? null })
    })
    runner.on('end', () => {
      const file = process.env.LOCO_TEST_REPORT
      if (file) writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures, failures, skipped }))
    })
  }
}
