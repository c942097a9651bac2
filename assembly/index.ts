// What the core exports; the host's view of it is src/kernel/core.ts.

export { arena_alloc, arena_mark, arena_release } from "./arena";
export { solve_workspace_bytes } from "./equations";
export { all_finite_f32, all_finite_f64 } from "./finite";
export { contributions_by_gradients, solve_row_by_gradients } from "./gradients";
export { gramian, gramian_workspace_bytes } from "./gramian";
export { ABI_VERSION, GRAMIAN_RANGES, MAX_FACTORS, ROW_LANES, SUM_ENTRIES, SYSTEM_LANES } from "./layout";
export { fill_normals } from "./normals";
export { inverse_norms } from "./norms";
export { precondition, preconditioner_bytes, preconditioner_workspace_bytes } from "./preconditioner";
export { gradient_workspace_bytes, MAX_STEPS } from "./row-system";
export { scan, scan_cosine } from "./scan";
export { contributions, prepare, solve_row } from "./solve";
export { top } from "./top";
export {
  top_index_bytes,
  top_index_encode,
  top_index_keys,
  top_index_scratch_bytes,
  top_index_sort,
} from "./top-index";
export { top_index_search } from "./top-search";
export { weights } from "./weights";
