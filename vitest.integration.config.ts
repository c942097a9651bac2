import { defineConfig } from "vitest/config";

/** Tests against what is outside of the project (killed processes, full disks, other programs, real data sets), one file after the other. */
export default defineConfig({
  test: {
    setupFiles: ["test/property-seed.ts"],
    include: ["test/integration/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
