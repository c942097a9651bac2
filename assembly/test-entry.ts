// The core and, for the tests, its inner steps and scalar twins. The compiler checks only what is reachable from an
// entry, so every kernel is exported here.

export { cholesky, substitute } from "./cholesky";
export { dot, dot_four, dot_rows } from "./dot";
export { cholesky_scratch, normal_equations, regularization, right_hand_side } from "./equations";
export * from "./index";
export { standard_normal } from "./normals";
export { philox, word0, word1, word2, word3 } from "./philox";
export { code_squares_at, errors_at, norms_at, order_at, scales_at } from "./top-index";
export {
  twin_contributions,
  twin_dot,
  twin_gramian,
  twin_scan,
  twin_solve_row,
} from "./twins";
