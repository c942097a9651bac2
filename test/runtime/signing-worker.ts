// A Worker that answers any request with the report of the cases of signing.
import { runSigningCases } from "./signing-cases.ts";

export default { fetch: async () => Response.json(await runSigningCases()) };
