import { beforeEach, describe } from "vitest";
import type { RegistryStore } from "../../src/registry/store.ts";
import { memoryRegistry } from "../builders.ts";
import { registryStoreContract } from "./registry-store.ts";

describe("the registry in memory that tests use", () => {
  let store: RegistryStore;
  beforeEach(() => {
    store = memoryRegistry();
  });
  registryStoreContract(() => store, null);
});
