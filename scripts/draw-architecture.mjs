// Draws the import law into ARCHITECTURE.md, after a change of architecture.mjs.
import { readFileSync, writeFileSync } from "node:fs";
import { diagram } from "../architecture.mjs";

const page = new URL("../ARCHITECTURE.md", import.meta.url);
writeFileSync(page, readFileSync(page, "utf8").replace(/```mermaid[\s\S]*?```/, diagram()));
