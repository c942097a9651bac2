// Bump allocator over the module's own memory:
//
//   0 ......... static data | arena, upwards to `top` | free up to the end of memory
//
// There is no collector and no free list. Scratch is taken after `arena_mark` and given back with `arena_release`;
// what lives as long as the instance is taken outside of such a pair.

const ALIGNMENT: u64 = 16;
const PAGE_BYTES: u64 = 65536;
/** One page short of 4 GiB, so that the address behind the last byte does not wrap. */
const LIMIT: u64 = 0xffff0000;

let top: usize = __heap_base;

/** Address of `bytes` (0 .. 2^32-1) fresh bytes, a multiple of 16; 0 when memory cannot grow that far. Not zeroed. */
export function arena_alloc(bytes: u32): usize {
  const start = (<u64>top + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
  const end = start + bytes;
  if (end > LIMIT) return 0;
  const pages = <i32>((end + PAGE_BYTES - 1) / PAGE_BYTES);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  top = <usize>end;
  return <usize>start;
}

/** Where the arena ends now. */
export function arena_mark(): usize {
  return top;
}

/** Gives back everything allocated since `mark` was taken. */
export function arena_release(mark: usize): void {
  top = mark;
}
