/** A series as Prometheus' HTTP API gives it: one value at an instant, several over a range. */
export interface Sampled {
  readonly metric: Readonly<Record<string, string>>;
  /** Seconds since 1970 and the value. */
  readonly values: readonly (readonly [time: number, value: number])[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

export interface PrometheusApi {
  instant(query: string): Promise<readonly Sampled[]>;
  /** Over the last `seconds`. */
  range(query: string, seconds: number, stepSeconds: number): Promise<readonly Sampled[]>;
}

/** @throws Error for a query that Prometheus refuses */
export function prometheusApi(base: string): PrometheusApi {
  const ask = async (path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Sampled[]> => {
    const answer = await fetch(`${base}/api/v1/${path}`, { method: "POST", body: new URLSearchParams(parameters) });
    const { status, error, data } = (await answer.json()) as Answer;
    if (status !== "success") throw new Error(`${parameters.query}: ${error}`);
    return data.result.map(({ metric, value, values }) => ({
      metric,
      values: (values ?? (value ? [value] : [])).map(([time, text]) => [time, Number(text)] as const),
    }));
  };
  return {
    instant: (query) => ask("query", { query }),
    range: (query, seconds, stepSeconds) => {
      const end = Date.now() / 1000;
      return ask("query_range", { query, start: String(end - seconds), end: String(end), step: String(stepSeconds) });
    },
  };
}
