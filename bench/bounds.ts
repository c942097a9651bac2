import asc from "assemblyscript/asc";

/** What the machine can do at best through WebAssembly, on one thread. */
export interface Bounds {
  /** Reads `bytes` bytes, a multiple of 64, at `address` of the memory given. */
  read(address: number, bytes: number): void;
  /** Multiplies and adds in registers; `operands` is the address of four float32 factors and four terms. */
  multiplyAdd(operands: number, steps: number): void;
  /** Float operations of one step. */
  readonly flopsPerStep: number;
}

const CHAINS = 12;
const LANES = 4;

/** Twelve independent chains keep the multipliers and adders busy and fit in sixteen registers with their operands. */
const chains = Array.from({ length: CHAINS }, (_, chain) => `s${chain}`);

const SOURCE = `
export function read(address: usize, bytes: usize): i64 {
  let s0 = i64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (const end = address + bytes; address < end; address += 64) {
    s0 = v128.xor(s0, v128.load(address));
    s1 = v128.xor(s1, v128.load(address, 16));
    s2 = v128.xor(s2, v128.load(address, 32));
    s3 = v128.xor(s3, v128.load(address, 48));
  }
  return i64x2.extract_lane(v128.xor(v128.xor(s0, s1), v128.xor(s2, s3)), 0);
}

export function multiply_add(operands: usize, steps: i32): f32 {
  const factor = v128.load(operands);
  const term = v128.load(operands, 16);
  ${chains.map((chain) => `let ${chain} = term;`).join(" ")}
  for (let step = 0; step < steps; step++) {
    ${chains.map((chain) => `${chain} = f32x4.add(term, f32x4.mul(factor, ${chain}));`).join("\n    ")}
  }
  return f32x4.extract_lane(${chains.reduce((sum, chain) => `f32x4.add(${sum}, ${chain})`)}, 0);
}
`;

interface BoundsExports {
  read(address: number, bytes: number): bigint;
  multiply_add(operands: number, steps: number): number;
}

/** Compiles the two loops over a memory that another instance made. */
export async function compileBounds(memory: WebAssembly.Memory): Promise<Bounds> {
  let binary: Uint8Array | null = null;
  const options = ["-O3", "--enable", "simd", "--runtime", "stub", "--use", "abort=", "--importMemory"];
  const { error, stderr } = await asc.main(["bounds.ts", ...options, "--outFile", "bounds.wasm"], {
    readFile: (name) => (name === "bounds.ts" ? SOURCE : null),
    writeFile: (name, content) => {
      if (name === "bounds.wasm") binary = content as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || binary === null) throw new Error(`the bounds do not compile\n${stderr}`);
  const instance = new WebAssembly.Instance(await WebAssembly.compile(binary), { env: { memory } });
  const exports = instance.exports as unknown as BoundsExports;
  return {
    read: (address, bytes) => {
      exports.read(address, bytes);
    },
    multiplyAdd: (operands, steps) => {
      exports.multiply_add(operands, steps);
    },
    flopsPerStep: CHAINS * LANES * 2,
  };
}
