/**
 * Version of everything that decides an answer outside the core's bytes: the reducer of histories, filters and ties.
 * It is part of the engine digest, so raise it with every change that can alter an answer. The build script reads this line.
 */
export const SEMANTICS_VERSION = 1;
