import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    setupFiles: ["test/property-seed.ts"],
    include: ["src/**/*.test.ts", "test/{contract,golden,runtime,repository}/**/*.test.ts", "bench/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
