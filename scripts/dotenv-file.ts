import { InputError } from "../src/base/errors.ts";

/**
 * A file of variables that wrangler reads back as they are. Its reader, dotenv and then dotenv-expand, takes what
 * stands between quotes as it is, but for a dollar, which names a variable unless it follows a backslash.
 * @throws InputError naming the variable whose value cannot be written
 */
export function dotenvFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join("");
}

function quoted(name: string, value: string): string {
  const quote = ["'", "`"].find((each) => !value.includes(each));
  if (quote === undefined || value.includes("\r") || value.endsWith("\\")) {
    const reason = "it holds both ' and `, holds a carriage return or ends in a backslash";
    throw new InputError([{ field: name, value: null, message: `cannot be passed on to wrangler: ${reason}` }]);
  }
  return `${quote}${value.replaceAll("$", "\\$")}${quote}`;
}
