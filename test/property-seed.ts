import { configureGlobal } from "fast-check";

/** Property tests draw the same in every run, so that what fails fails again; FAST_CHECK_SEED=… draws others. */
configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_240_601) });
