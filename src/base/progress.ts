/** Told how far a long piece of work has come; `done` of `total` in the stage's own unit (total 0: not known). */
export type Progress = (stage: string, done: number, total: number) => void;

export const noProgress: Progress = () => {};
