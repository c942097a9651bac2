/** Commands of a document that are tagged with `<!-- runs -->`, and the output that stands below them. */
export interface CommandBlock {
  /** Line of the commands, from 1. */
  readonly line: number;
  readonly commands: string;
  /** Null where the document shows none. */
  readonly output: string | null;
}

const RUNS = /^<!-- runs -->\n\n?```sh\n([\s\S]*?)^```$(?:\n\n```\n([\s\S]*?)^```$)?/gm;

export function runningCommands(markdown: string): CommandBlock[] {
  return Array.from(markdown.matchAll(RUNS), ({ index, 1: commands, 2: output }) => ({
    line: markdown.slice(0, index).split("\n").length,
    commands: commands as string,
    output: output ?? null,
  }));
}

/** Targets of the links of a document that are no addresses: a path, an `#anchor`, or both. */
export function relativeLinks(markdown: string): string[] {
  const targets = Array.from(prose(markdown).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target as string);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that its headings get, as GitHub makes them. */
export function anchors(markdown: string): string[] {
  const headings = withoutBlocks(markdown).matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, text]) =>
    (text as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Members whose values are other ones each time. */
const VOLATILE =
  /"(request_id|git_sha|timestamp|ts|time|created_at|published_at|latency_ms|revision|rollout_revision|comparisons)":("[^"]*"|[^,}\]]+)/g;

/**
 * What of the output in a document is not in what came out, or null. White space does not count, `…` stands for
 * anything, and so do digests and values that are other ones each time.
 */
export function missingOutput(expected: string, actual: string): string | null {
  const parts = expected
    .replaceAll(/\s/g, "")
    .replaceAll(VOLATILE, '"$1":…')
    .replaceAll(/sha256:[0-9a-f]+/g, "sha256:…")
    .split("…");
  const text = actual.replaceAll(/\s/g, "");
  let at = 0;
  for (const [place, part] of parts.entries()) {
    const found = place === parts.length - 1 ? text.lastIndexOf(part) : text.indexOf(part, at);
    const fits = place === 0 ? found === 0 : found >= at;
    if (!fits) return part;
    at = found + part.length;
  }
  return at === text.length ? null : `the end of ${text}`;
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function prose(markdown: string): string {
  return withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, "");
}
