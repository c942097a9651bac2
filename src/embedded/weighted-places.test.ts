import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../base/random.ts";
import { WeightedPlaces } from "./weighted-places.ts";

/** Whole weights, so that sums are exact in whatever order they are formed. */
const weightLists = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 200 })
  .filter((weights) => weights.some((weight) => weight > 0));

/** Every whole number below the total, as the draw that falls into its middle. */
function drawOf(ticket: number, total: number): Random {
  return { uint32: () => 0, below: () => 0, fraction: () => (ticket + 0.5) / total };
}

describe("weighted places", () => {
  it("give each place as many tickets as its weight says", () => {
    fc.assert(
      fc.property(weightLists, (weights) => {
        const places = new WeightedPlaces(Float64Array.from(weights));
        const total = weights.reduce((a, b) => a + b);
        const tickets = weights.map(() => 0);
        for (let ticket = 0; ticket < total; ticket++) tickets[places.draw(drawOf(ticket, total))]++;
        expect(tickets).toEqual(weights);
      }),
      { numRuns: 30 },
    );
  });

  it("follow a change of weight", () => {
    fc.assert(
      fc.property(weightLists, fc.nat(), fc.constantFrom(0, 2, 5), (weights, index, factor) => {
        const place = index % weights.length;
        const changed = weights.with(place, weights[place] * factor);
        fc.pre(changed.some((weight) => weight > 0));
        const places = new WeightedPlaces(Float64Array.from(weights));
        places.scale(place, factor);
        const fresh = new WeightedPlaces(Float64Array.from(changed));
        const random = [seededRandom(3), seededRandom(3)];
        for (let draw = 0; draw < 20; draw++) expect(places.draw(random[0])).toBe(fresh.draw(random[1]));
      }),
    );
  });

  it("take every place once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 90 }),
        (weights) => {
          const places = new WeightedPlaces(Float64Array.from(weights));
          const random = seededRandom(5);
          const taken = weights.map(() => places.take(random));
          expect(new Set(taken).size).toBe(weights.length);
        },
      ),
    );
  });

  it("end at the last place with a weight when rounding leaves the draw beyond the sum", () => {
    const beyond: Random = { uint32: () => 0, below: () => 0, fraction: () => 1 };
    const weights = new Float64Array(70);
    weights[3] = 0.1;
    weights[40] = 0.2;
    expect(new WeightedPlaces(weights).draw(beyond)).toBe(40);
  });
});
