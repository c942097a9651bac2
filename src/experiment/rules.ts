/** The rules by which an experiment is decided, fixed before any of it is seen. */

/** How often a difference may be seen where there is none. */
export const ALPHA = 0.05;
/** The smallest difference of the rates that matters: one percentage point. */
export const MINIMUM_EFFECT = 0.01;
/** Users that each arm must have. */
export const MINIMUM_USERS = 1_000;
/** Below it, the split of users is not the one that was set up (Fabijan and others 2019 use it too). */
export const SAMPLE_RATIO_ALPHA = 0.001;
/** How long after a list an event on one of its items counts as come of it. */
export const CONVERSION_WINDOW_HOURS = 24;
/** Users who converted, in both arms together, below which conversion is not compared. */
export const MINIMUM_CONVERSIONS = 100;
