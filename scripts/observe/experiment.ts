interface Status {
  readonly rollout: {
    readonly strategy: string;
    readonly primary_version: string;
    readonly canary_version: string | null;
  };
}

/** Starts an A/B test with another version, unless there is a rollout of somebody's or only one version. Says what is. */
export async function startExperiment(base: string, adminToken: string | null): Promise<string> {
  const { rollout } = (await (await fetch(`${base}/rollout/status`)).json()) as Status;
  const { strategy, primary_version: primary } = rollout;
  if (strategy !== "fixed") return `the rollout stays ${strategy}, ${primary} and ${rollout.canary_version}`;
  const { models } = (await (await fetch(`${base}/models`)).json()) as { models: readonly { version: string }[] };
  const other = models.map(({ version }) => version).filter((version) => version !== primary);
  const canary = other.at(-1);
  if (canary === undefined) return `no A/B test, as there is only ${primary}`;
  const answer = await fetch(`${base}/rollout/update?strategy=ab_test&canary_version=${canary}`, {
    method: "POST",
    headers: adminToken === null ? {} : { Authorization: `Bearer ${adminToken}` },
  });
  const { detail } = (await answer.json()) as { detail?: string };
  if (!answer.ok) return `no A/B test: ${detail ?? answer.status}`;
  return `A/B test of ${primary} and ${canary}`;
}
