import type { Reporter, TestModule } from 'vitest/node'

/** Ends every run with one line that people and machines read: how many passed, how many failed. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const broken = modules.filter((module) => module.errors().length > 0).length
    const skipped = tests.filter((test) => test.result().state === 'skipped').length
    const failed = tests.length - passed - skipped + broken + errors.length
    console.log(`\n${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`)
  }
}
