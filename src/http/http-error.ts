/** A fault of the exchange itself, which no other error type names: a wrong method, too large a body, no right to ask. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: 401 | 403 | 404 | 405 | 413 | 415 | 429;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: HttpError["status"], detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}
