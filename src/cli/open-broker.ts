import { InputError } from "../base/errors.ts";
import type { Broker } from "../stream/broker.ts";
import { clearTextWarning, kafkaSecurity } from "../stream/security.ts";
import type { CliDependencies } from "./dependencies.ts";

/**
 * The broker at these addresses, spoken to as KAFKA_SECURITY_PROTOCOL and its like say.
 * @param warn told where what is sent can be read on the way
 * @throws InputError naming the variable that says something else than it may
 */
export async function openBroker(
  bootstrap: string,
  { env, broker }: Pick<CliDependencies, "env" | "broker">,
  warn: (message: string) => void,
): Promise<Broker> {
  const { security, issues } = kafkaSecurity(env);
  if (issues.length > 0) throw new InputError(issues);
  const warning = clearTextWarning(bootstrap, security);
  if (warning !== null) warn(warning);
  return broker(bootstrap, security);
}
