import { expect } from "vitest";
import { IntegrityError } from "../src/base/errors.ts";

/** The message of the IntegrityError that `work` throws about `subject`, in one line. */
export function refusal(work: () => unknown, subject: string): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(IntegrityError);
    const { message } = error as IntegrityError;
    expect(message).toMatch(/^.{1,300}$/);
    expect(message.startsWith(`${subject}: `)).toBe(true);
    return message.slice(subject.length + 2);
  }
  return expect.unreachable(`${subject} was accepted`);
}
