/** Which code answers, and where; the same for every answer of a process. */
export interface ServiceIdentity {
  /** The commit of the running service, or `unknown`. */
  readonly gitSha: string;
  readonly containerImageDigest: string | null;
  /** `sha256:` and hex, of the core and the semantics around it. */
  readonly engineDigest: string;
  /** `node`, `deno` or `workerd`. */
  readonly runtime: string;
}
