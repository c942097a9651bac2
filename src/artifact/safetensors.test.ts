import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusal } from "../../test/refusals.ts";
import { IntegrityError } from "../base/errors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor, type TensorData, tensorOf } from "./safetensors.ts";

const finite = { noNaN: true, noDefaultInfinity: true } as const;
const anyData = (length: number): fc.Arbitrary<TensorData> => {
  const size = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.float32Array({ ...finite, ...size }),
    fc.float64Array({ ...finite, ...size }),
    fc.int32Array(size),
    fc.bigInt64Array(size),
  );
};
const anyTensor: fc.Arbitrary<Tensor> = fc
  .array(fc.nat(3), { maxLength: 3 })
  .chain((shape) => anyData(shape.reduce((a, b) => a * b, 1)).map((data) => ({ shape, data })));
const anyName = fc
  .oneof(fc.string({ unit: "binary" }), fc.constantFrom("10", "9", "__proto__", "constructor", "é\u{1f600}"))
  .filter((name) => name !== "__metadata__");
const anyFile = fc.record({
  tensors: fc.array(fc.tuple(anyName, anyTensor), { maxLength: 4 }).map((entries) => new Map(entries)),
  metadata: fc.dictionary(anyName, fc.string({ unit: "binary" }), { maxKeys: 3 }),
});

const bytesOf = (data: TensorData) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
const decode = (bytes: Uint8Array) => decodeSafetensors(bytes, "file");
const fault = (bytes: Uint8Array) => refusal(() => decode(bytes), "file");

/** A file as anyone might write it. */
function fileOf(header: unknown, data: readonly number[] = []): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}
const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

const small = encodeSafetensors({
  tensors: new Map<string, Tensor>([
    ["b", { shape: [2, 1], data: Float32Array.of(1, -2) }],
    ["a", { shape: [1], data: Int32Array.of(7) }],
  ]),
  metadata: { z: "1", y: "2" },
});

describe("encoding", () => {
  test("gives the bytes that the format describes, names and metadata sorted", () => {
    const header =
      '{"__metadata__":{"y":"2","z":"1"},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]},' +
      '"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(Buffer.from(small).toString("latin1")).toBe(
      `${String.fromCharCode(padded.length, 0, 0, 0, 0, 0, 0, 0)}${padded}` +
        "\x07\0\0\0" + // 7
        "\0\0\x80\x3f" + // 1
        "\0\0\0\xc0", // -2
    );
  });

  test("gives equal bytes for equal content in any order", () => {
    fc.assert(
      fc.property(anyFile, ({ tensors, metadata }) => {
        const reversed = {
          tensors: new Map([...tensors].reverse()),
          metadata: Object.fromEntries(Object.entries(metadata).reverse()),
        };
        expect(encodeSafetensors(reversed)).toEqual(encodeSafetensors({ tensors, metadata }));
      }),
    );
  });

  test("writes the part of a buffer that an array shows, and no more", () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const file = decode(encodeSafetensors({ tensors: new Map([["x", { shape: [2], data }]]), metadata: {} }));
    expect(file.tensors.get("x")?.data).toEqual(Float32Array.of(2, 3));
  });
});

describe("decoding", () => {
  test("gives back any tensors, bit for bit, wherever the file lies in memory", () => {
    fc.assert(
      fc.property(anyFile, fc.nat(9), ({ tensors, metadata }, offset) => {
        const bytes = encodeSafetensors({ tensors, metadata });
        const placed = new Uint8Array(bytes.length + offset + 3);
        placed.set(bytes, offset);
        const file = decode(placed.subarray(offset, offset + bytes.length));
        expect(Object.entries(file.metadata).sort()).toEqual(Object.entries(metadata).sort());
        expect([...file.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [name, { shape, data }] of tensors) {
          const found = file.tensors.get(name) as Tensor;
          expect([found.shape, found.data.constructor, bytesOf(found.data)]).toEqual([
            shape,
            data.constructor,
            bytesOf(data),
          ]);
        }
      }),
    );
  });

  test("reads what others write: unpadded, in any order of the header, without metadata", () => {
    const { tensors, metadata } = decode(fileOf({ y: f32(4, 8), x: f32(0, 4) }, [0, 0, 128, 63, 0, 0, 0, 64]));
    expect([tensors.get("x")?.data, tensors.get("y")?.data]).toEqual([Float32Array.of(1), Float32Array.of(2)]);
    expect(metadata).toEqual({});
  });

  test("refuses a file cut at any byte", () => {
    for (let length = 0; length < small.length; length++) expect(fault(small.subarray(0, length))).toBeTruthy();
    expect(fault(small.subarray(0, 100))).toBe("truncated within its header");
    expect(fault(small.subarray(0, small.length - 1))).toMatch(/^truncated: tensor b ends at byte \d+ of \d+$/);
  });

  test("refuses anything behind the last tensor", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (rest) => {
        expect(fault(Buffer.concat([small, rest]))).toBe(`${rest.length} bytes beyond the last tensor`);
      }),
    );
  });

  test("refuses whatever else it cannot read, and never fails otherwise", () => {
    const readOrRefuse = (bytes: Uint8Array) => {
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(IntegrityError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), readOrRefuse));
    fc.assert(fc.property(fc.json(), (json) => readOrRefuse(fileOf(json))));
    const anyEntry = fc.record(
      { dtype: fc.constantFrom("F32", "I64"), shape: fc.jsonValue(), data_offsets: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(fc.property(fc.dictionary(anyName, anyEntry), (header) => readOrRefuse(fileOf(header))));
    fc.assert(
      fc.property(fc.nat(small.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) =>
        readOrRefuse(small.map((byte, place) => (place === at ? byte ^ change : byte))),
      ),
    );
  });

  const zeros = Array.from({ length: 16 }, () => 0);
  test.each([
    ["overlapping tensors", { x: f32(0, 8), y: f32(4, 12) }, "tensor y starts at 4, not at 8"],
    ["a hole between tensors", { x: f32(0, 4), y: f32(8, 16) }, "tensor y starts at 8, not at 4"],
    ["a hole before the first tensor", { x: f32(4, 16) }, "tensor x starts at 4, not at 0"],
    ["an unknown type", { x: { ...f32(0, 16), dtype: "BF16" } }, 'tensor x has the unsupported type "BF16"'],
    ["an inherited name as type", { x: { ...f32(0, 16), dtype: "toString" } }, "tensor x has the unsupported type"],
    ["a shape that needs more bytes", { x: f32(0, 16, [5]) }, "tensor x takes 16 bytes, its shape 20"],
    ["a shape that needs fewer bytes", { x: f32(0, 16, [3]) }, "tensor x takes 16 bytes, its shape 12"],
    ["a shape beyond all bounds", { x: f32(0, 16, [2 ** 40, 2 ** 40]) }, "tensor x takes 16 bytes, its shape"],
    ["a negative extent", { x: f32(0, 16, [-2, -2]) }, "tensor x has a malformed shape or place"],
    ["a broken place", { x: { ...f32(0, 16), data_offsets: [0, 16.5] } }, "tensor x has a malformed shape or place"],
    ["three places", { x: { ...f32(0, 16), data_offsets: [0, 16, 16] } }, "tensor x takes"],
    ["an entry that is none", { x: null }, "tensor x has the unsupported type"],
    ["metadata that are not strings", { __metadata__: { a: 1 }, x: f32(0, 16) }, "metadata is not a map of strings"],
    ["metadata in a list", { __metadata__: ["a"], x: f32(0, 16) }, "metadata is not a map of strings"],
    ["a list as header", [], "not a safetensors file: its header is not an object"],
    ["a header that is not JSON", "{x}", "not a safetensors file: its header is not JSON"],
  ])("refuses %s", (_, header, message) => {
    expect(fault(fileOf(header, zeros))).toContain(message);
  });

  test.each([
    ["a PNG", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "not a safetensors file"],
    ["an empty file", new Uint8Array(0), "too short to be a safetensors file"],
    ["JSON", Buffer.from('{"a": "text that is longer than eight bytes"}'), "not a safetensors file"],
  ])("refuses %s", (_, bytes, message) => {
    expect(fault(bytes)).toBe(message);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("refuses %f among the numbers", (bad) => {
    for (const data of [Float32Array.of(0, bad), Float64Array.of(bad, 0)]) {
      const bytes = encodeSafetensors({ tensors: new Map([["x", { shape: [2], data }]]), metadata: {} });
      expect(fault(bytes)).toBe("tensor x holds a number that is not finite");
    }
  });
});

describe("a tensor asked for", () => {
  const file = decode(small);

  test("is given where type and shape fit", () => {
    expect(tensorOf(file, "b", Float32Array, [2, 1], "file")).toEqual(Float32Array.of(1, -2));
  });

  test.each([
    ["missing", "c", Float32Array, [2, 1], "tensor c is missing"],
    ["of another type", "b", Float64Array, [2, 1], "tensor b is F32 2×1, expected F64 2×1"],
    ["of another shape", "b", Float32Array, [1, 2], "tensor b is F32 2×1, expected F32 1×2"],
  ] as const)("is refused where it is %s", (_, name, type, shape, message) => {
    expect(refusal(() => tensorOf<TensorData>(file, name, type, shape, "file"), "file")).toBe(message);
  });
});
