/** One thing wrong with an input: where it stands, what stood there, and what is allowed. */
export interface Issue {
  readonly field: string;
  readonly value: unknown;
  readonly message: string;
}

/** The caller asked for something that cannot be: bad arguments. HTTP 400, exit code 2. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super(issues.map(({ field, message }) => `${field}: ${message}`).join("; "));
    this.issues = issues;
  }

  static of(field: string, value: unknown, message: string): InputError {
    return new InputError([{ field, value, message }]);
  }
}

/** What was named does not exist. HTTP 404, exit code 2. */
export class NotFoundError extends Error {
  override readonly name = "NotFoundError";
  readonly kind: string;
  readonly id: string;

  constructor(kind: string, id: string, message = `unknown ${kind} ${JSON.stringify(id)}`) {
    super(message);
    this.kind = kind;
    this.id = id;
  }
}

/** The data is unusable: empty, in another format, or too much of it malformed. Exit code 1. */
export class DataError extends Error {
  override readonly name = "DataError";
  readonly source: string;

  constructor(source: string, message: string, options?: ErrorOptions) {
    super(`${source}: ${message}`, options);
    this.source = source;
  }
}

/** A stored artifact or engine is truncated, altered, foreign or missing a part. It is never served. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
  readonly subject: string;

  constructor(subject: string, message: string, options?: ErrorOptions) {
    super(`${subject}: ${message}`, options);
    this.subject = subject;
  }
}

/** What was asked for does not fit the present state, which stays as it is. HTTP 409, exit code 1. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** What keeps the state cannot be read or written at the moment: its disk is full, it is locked. HTTP 503, exit code 1. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  /** Without where it is kept, for callers. */
  readonly reason: string;

  constructor(source: string, reason: string, options?: ErrorOptions) {
    super(`${source}: ${reason}`, options);
    this.reason = reason;
  }
}

/** No model can answer at the moment. HTTP 503. */
export class NoModelError extends Error {
  override readonly name = "NoModelError";
}

/** Throws when our own reasoning was wrong; never used on input. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
