#!/usr/bin/env node
// `npx reprise VERB`: the command line, with what it needs installed and built first.
process.argv.splice(2, 0, "reprise");
await import("./run.mjs");
