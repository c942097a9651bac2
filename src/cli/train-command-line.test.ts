import { expect, test } from "vitest";
import { checkHyperparameters } from "../training/hyperparameters.ts";
import { trainCommandLine } from "./train-command-line.ts";

test("a command line names every hyperparameter, and quotes what a shell would take for more", () => {
  const hyperparameters = checkHyperparameters({
    factors: 16,
    regularization: 1e-7,
    weight_rule: "rating>=4*recency:90d",
  });
  expect(trainCommandLine("ab12", hyperparameters, null)).toBe(
    "npx reprise train --snapshot ab12 --solver pcg:2 --factors 16 --iterations 16 --regularization 1e-7 " +
      "--regularization-exponent 1 --unobserved-weight 0.3 --init-scale 0.1 --weight-rule 'rating>=4*recency:90d' --seed 42",
  );
  expect(trainCommandLine("ab12", hyperparameters, "it's here")).toMatch(/ --snapshot-dir 'it'\\''s here'$/);
});
