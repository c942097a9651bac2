import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const OTEL = fileURLToPath(new URL("../../otel/", import.meta.url));

/** Where the parts listen on this machine, each as `host:port`. */
export interface Addresses {
  readonly service: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly alertReceiver: string;
}

export interface Configuration {
  /** Paths of the files that Prometheus and Alertmanager are to read. */
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Texts of a file, and what comes in place of each. */
type Replacements = Readonly<Record<string, string>>;

/**
 * Writes the configurations of `otel/` into `folder` with the addresses of this machine in place of those in
 * docker-compose.yml; all else, rules included, is as it stands there.
 * @param changes for tests, which wait for nothing longer than they must
 */
export async function writeConfiguration(
  folder: string,
  addresses: Addresses,
  changes: Readonly<Record<keyof Configuration, Replacements>> = { prometheus: {}, alertmanager: {} },
): Promise<Configuration> {
  await mkdir(folder, { recursive: true });
  const prometheus = join(folder, "prometheus.yml");
  const alertmanager = join(folder, "alertmanager.yml");
  const prometheusText = await readFile(join(OTEL, "prometheus/prometheus.yml"), "utf8");
  const alertmanagerText = await readFile(join(OTEL, "alertmanager/alertmanager.yml"), "utf8");
  await writeFile(
    prometheus,
    replaced(prometheusText, {
      "rules/*.yml": join(OTEL, "prometheus/rules/*.yml"),
      "api:8080": addresses.service,
      "localhost:9090": addresses.prometheus,
      "alertmanager:9093": addresses.alertmanager,
      ...changes.prometheus,
    }),
  );
  await writeFile(
    alertmanager,
    replaced(alertmanagerText, { "alert-log:9095": addresses.alertReceiver, ...changes.alertmanager }),
  );
  return { prometheus, alertmanager };
}

/** @throws Error where a text to be replaced is not there any more */
function replaced(text: string, replacements: Replacements): string {
  return Object.entries(replacements).reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`the configuration has no ${from}`);
    return changed.replaceAll(from, to);
  }, text);
}

/** How Prometheus is started with it, as docker-compose.yml starts it. */
export function prometheusCommand(program: string, configuration: string, data: string, address: string): string[] {
  return [
    program,
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${data}`,
    "--storage.tsdb.retention.time=35d",
    "--enable-feature=exemplar-storage",
    `--web.listen-address=${address}`,
  ];
}

/** How Alertmanager is started with it. */
export function alertmanagerCommand(program: string, configuration: string, data: string, address: string): string[] {
  return [
    program,
    `--config.file=${configuration}`,
    `--storage.path=${data}`,
    "--cluster.listen-address=",
    `--web.listen-address=${address}`,
  ];
}
