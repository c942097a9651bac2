import type { Progress } from "../base/progress.ts";
import type { CliDependencies } from "./dependencies.ts";

const INTERVAL_MS = 100;
const CELLS = 24;
const CLEAR_LINE = "\r\u001b[2K";

export interface ProgressBar {
  readonly progress: Progress;
  /** Takes the bar off the screen; to be called before anything else is printed. */
  clear(): void;
}

/**
 * A bar on standard error, drawn at most ten times a second within a stage, and nothing at all where that is not a
 * terminal.
 */
export function progressBar({ err, now }: Pick<CliDependencies, "err" | "now">): ProgressBar {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawnStage: string | null = null;
  let visible = false;
  return {
    progress(stage, done, total) {
      const time = now();
      if (!err.isTTY || (stage === drawnStage && time - drawnAt < INTERVAL_MS)) return;
      drawnAt = time;
      drawnStage = stage;
      visible = true;
      err.write(CLEAR_LINE + render(stage, done, total));
    },
    clear() {
      if (visible) err.write(CLEAR_LINE);
      visible = false;
    },
  };
}

function render(stage: string, done: number, total: number): string {
  if (total <= 0) return stage;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * CELLS);
  return `${stage} [${"#".repeat(filled)}${"-".repeat(CELLS - filled)}] ${Math.floor(share * 100)} %`;
}
