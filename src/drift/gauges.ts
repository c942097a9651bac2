import type { DriftFeature } from "../artifact/drift-profile.ts";
import type { FeatureDrift } from "./report.ts";

/** What is shown of a feature; null is "no data", or too little to tell, which is not 0. */
export type DriftFigures = Pick<FeatureDrift, "psi" | "kl" | "missing_ratio" | "outlier_fraction">;

/** Where drift is shown as it is measured. */
export interface DriftGauges {
  set(feature: DriftFeature, figures: DriftFigures): void;
}
