import { InvalidArgumentError } from "commander";
import { InputError } from "../base/errors.ts";
import { MAX_THREADS } from "../base/limits.ts";

/** A Commander parser of a number. */
export function number(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError("must be a number.");
  return value;
}

/** @throws InputError naming the option and the range. */
export function checkWhole(option: string, value: number, low: number, high: number): number {
  if (Number.isSafeInteger(value) && value >= low && value <= high) return value;
  throw InputError.of(option, value, `must be a whole number from ${low} to ${high}, is ${value}`);
}

export function checkThreads(threads: number, option = "--threads"): number {
  return checkWhole(option, threads, 1, MAX_THREADS);
}

/** @throws InputError naming the option and the range. */
export function checkPercentage(option: string, value: number): number {
  if (value >= 0 && value <= 100) return value;
  throw InputError.of(option, value, "must be a number from 0 to 100");
}
