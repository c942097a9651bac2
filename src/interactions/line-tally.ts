import type { LineCounts, RejectedLine } from "./source.ts";

/** Counts what becomes of the lines of one file, and hands on the bad ones. */
export class LineTally {
  readonly #file: string;
  readonly #reject: (line: RejectedLine) => void;
  #accepted = 0;
  #ignored = 0;
  #rejected = 0;

  constructor(file: string, reject: (line: RejectedLine) => void) {
    this.#file = file;
    this.#reject = reject;
  }

  accept(): void {
    this.#accepted++;
  }

  ignore(): void {
    this.#ignored++;
  }

  /** `line` counts from 1. */
  bad(reason: string, line: number, raw: string): void {
    this.#rejected++;
    this.#reject({ file: this.#file, line, reason, raw });
  }

  counts(): LineCounts {
    const [accepted, ignored, rejected] = [this.#accepted, this.#ignored, this.#rejected];
    return { file: this.#file, lines: accepted + ignored + rejected, accepted, ignored, rejected };
  }
}
