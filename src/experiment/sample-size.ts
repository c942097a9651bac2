import { InputError } from "../base/errors.ts";
import { normalQuantile } from "../stats/normal.ts";

export interface Plan {
  /** Rates to tell apart, each between 0 and 1. */
  readonly baseline: number;
  readonly target: number;
  /** How likely the difference is to be found where it is there, 0.5 or more. */
  readonly power: number;
  /** How likely one is found where there is none, at most 0.5. */
  readonly alpha: number;
}

/**
 * Users an arm for a two-sided z-test of two proportions with arms of one size, without continuity correction
 * (Fleiss, Levin and Paik 2003, 4.2).
 *
 * ```ts
 * usersPerArm({ baseline: 0.1, target: 0.12, power: 0.8, alpha: 0.05 }); // 3841
 * ```
 * @throws InputError naming each member that cannot be
 */
export function usersPerArm(plan: Plan): number {
  const { baseline, target, power, alpha } = plan;
  const fault = (field: keyof Plan, allowed: string) => ({
    field,
    value: plan[field],
    message: `must be ${allowed}, is ${plan[field]}`,
  });
  const issues = [
    ...(["baseline", "target"] as const)
      .filter((field) => !(plan[field] > 0 && plan[field] < 1))
      .map((field) => fault(field, "above 0 and below 1")),
    ...(power >= 0.5 && power < 1 ? [] : [fault("power", "0.5 or more and below 1")]),
    ...(alpha > 0 && alpha <= 0.5 ? [] : [fault("alpha", "above 0 and at most 0.5")]),
  ];
  if (issues.length > 0) throw new InputError(issues);
  const mean = (baseline + target) / 2;
  const spread =
    normalQuantile(1 - alpha / 2) * Math.sqrt(2 * mean * (1 - mean)) +
    normalQuantile(power) * Math.sqrt(baseline * (1 - baseline) + target * (1 - target));
  const users = Math.ceil((spread / (target - baseline)) ** 2);
  if (users * 2 <= Number.MAX_SAFE_INTEGER) return users;
  throw InputError.of("target", target, `must differ more from the baseline ${baseline}, is ${target}`);
}
