/**
 * Gives the memory of a column that nobody reads any more back at once; it is empty afterwards. The collector of garbage
 * counts its own heap first, and would let the memory of dead columns stand beside that of living ones.
 */
export function release(column: { readonly buffer: ArrayBufferLike }): void {
  (column.buffer as ArrayBuffer).transfer(0);
}
