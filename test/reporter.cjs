// Mocha's spec reporter that also writes counts and the reason of each skip to the file named by LOCO_TEST_REPORT.
const { writeFileSync } = require('node:fs')
const Mocha = require('mocha')

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    const skipped = []
    runner.on('pending', (test) => {
      // The reason is set by skipBecause (test/skip.ts) on the test or on a suite around it.
      let holder = test
      while (holder && !holder.skipReason) holder = holder.parent
      skipped.push({ title: test.fullTitle(), reason: holder?.skipReason ?? null })
    })
    runner.on('end', () => {
      const file = process.env.LOCO_TEST_REPORT
      if (file) writeFileSync(file, JSON.stringify({ passed: this.stats.passes, failed: this.stats.failures, skipped }))
    })
  }
}
