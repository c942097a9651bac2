// Adds up vitest's JSON reports and prints `N passed, N failed, N skipped`. A report that is missing, or a step that
// failed without a failing test, counts as one failure.
import { readFileSync } from "node:fs";

const [stepFailed, ...paths] = process.argv.slice(2);
let [passed, failed, skipped] = [0, 0, 0];
for (const path of paths) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    skipped += report.numPendingTests;
  } catch (error) {
    console.error(error.message);
    failed += 1;
  }
}
if (stepFailed !== "0" && failed === 0) failed = 1;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
