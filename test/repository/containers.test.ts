import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../runtime/processes.ts";
import { yamlFile } from "./yaml.ts";

/** There is no container engine where tests run: this holds what can be read, not what would happen. */

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly args: Readonly<Record<string, string>> };
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly command?: readonly string[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const compose = yamlFile<{
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}>("docker-compose.yml");
const services = Object.entries(compose.services);
/** Why a service has no health check. */
const UNCHECKED: Readonly<Record<string, string>> = {
  trainer: "it ends, and others wait for that",
  collector: "its image has no other program that could ask",
};

describe("docker-compose.yml", () => {
  test("has every part, at its port", () => {
    const ports = Object.fromEntries(services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port])));
    expect(ports).toEqual({
      api: "127.0.0.1:8080:8080",
      prometheus: "127.0.0.1:9090:9090",
      alertmanager: "127.0.0.1:9093:9093",
      grafana: "127.0.0.1:3000:3000",
      kafka: "127.0.0.1:9092:9092",
      "schema-registry": "127.0.0.1:8081:8081",
      collector: "127.0.0.1:4318:4318",
    });
    expect(compose.services).toHaveProperty("trainer");
  });

  test.each(services)("%s runs as nobody special, on a root that is not written", (_, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
  });

  test.each(services)("%s publishes on this machine only", (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test.each(services)("%s has a pinned image, or is built here", (_, { image, build }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:[\w.-]+$/);
    expect(image).not.toMatch(/:latest$/);
    if (image.startsWith("reprise:")) expect(build?.args).toHaveProperty("GIT_SHA");
  });

  test.each(services)("%s is asked for its health, or it is known why not", (name, { healthcheck }) => {
    if (name in UNCHECKED) expect(healthcheck).toEqual({ disable: true });
    else expect(healthcheck?.test?.[0]).toBe("CMD");
  });

  test.each(services)("%s mounts what there is, and what is the project's only to read", (_, { volumes = [] }) => {
    for (const volume of volumes) {
      const [source, , mode] = volume.split(":") as [string, string, string?];
      if (source.startsWith("./")) expect([existsSync(join(ROOT, source)), mode]).toEqual([true, "ro"]);
      else expect(compose.volumes).toHaveProperty(source);
    }
  });

  test.each(services)("%s waits only for what there is, and carries no secret", (_, service) => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services).toHaveProperty(other);
      if (condition === "service_healthy") expect(UNCHECKED).not.toHaveProperty(other);
    }
    expect(Object.keys(service.environment ?? {}).filter((name) => /PASSWORD|SECRET|TOKEN|_KEY$/.test(name))).toEqual(
      [],
    );
  });

  test("lets the private port steer, under the name that the other containers use", () => {
    expect(compose.services.api?.environment).toMatchObject({ REPRISE_ADMIN_OPEN: "1", REPRISE_ALLOWED_HOSTS: "api" });
  });
});

describe("addresses between containers", () => {
  const addresses = {
    "otel/prometheus/prometheus.yml": ["api:8080", "alertmanager:9093", "localhost:9090"],
    "otel/alertmanager/alertmanager.yml": ["alert-log:9095"],
    "otel/grafana/provisioning/datasources/prometheus.yml": ["prometheus:9090"],
  };
  test.each(Object.entries(addresses))("in %s are those of services", (path, expected) => {
    const found = Array.from(read(path).matchAll(/(?:"|http:\/\/)([a-z-]+:\d+)/g), ([, address]) => address as string);
    expect([...new Set(found)].sort()).toEqual([...expected].sort());
    const hosts = expected.map((address) => address.split(":")[0]).filter((host) => host !== "localhost");
    for (const host of hosts) expect(compose.services).toHaveProperty(host as string);
  });

  test("of the collector are those that it listens at, and its pipeline names what there is", () => {
    type Named = Readonly<Record<string, { readonly endpoint?: string }>>;
    const { receivers, exporters, processors, extensions, service } = yamlFile<{
      receivers: { otlp: { protocols: { http: { endpoint: string } } } };
      exporters: Named;
      processors: Named;
      extensions: Named;
      service: { extensions: string[]; pipelines: { metrics: Readonly<Record<string, string[]>> } };
    }>("otel/collector/collector.yml");
    const pushed = yamlFile<{
      scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[] }[];
    }>("otel/prometheus/prometheus.yml").scrape_configs.find(({ job_name }) => job_name === "pushed")
      ?.dns_sd_configs?.[0];
    expect(exporters.prometheus?.endpoint).toBe(`0.0.0.0:${pushed?.port}`);
    expect(pushed?.names).toEqual(["collector"]);
    expect(compose.services.collector?.ports).toEqual([
      `127.0.0.1:${receivers.otlp.protocols.http.endpoint.replace("0.0.0.0:", "")}:4318`,
    ]);
    const { metrics } = service.pipelines;
    expect(metrics.receivers).toEqual(Object.keys(receivers));
    expect(metrics.processors).toEqual(Object.keys(processors));
    expect(metrics.exporters).toEqual(Object.keys(exporters));
    expect(service.extensions).toEqual(Object.keys(extensions));
  });

  test("of the dashboards' folder are the same on both sides", () => {
    const { providers } = yamlFile<{ providers: { options: { path: string } }[] }>(
      "otel/grafana/provisioning/dashboards/reprise.yml",
    );
    const mounts = compose.services.grafana?.volumes ?? [];
    for (const { options } of providers) expect(mounts).toContain(`./otel/grafana/dashboards:${options.path}:ro`);
  });
});

describe("Dockerfile", () => {
  const lines = read("Dockerfile").split("\n");
  const starting = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.split(/\s+/));

  test("has stages on the Node that the project has", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: { node: string } };
    const images = starting("FROM").map(([, image]) => image);
    expect(images.length).toBeGreaterThan(1);
    expect(new Set(images)).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]));
  });

  test("ends as a user without rights, whose health can be asked", () => {
    expect(starting("USER")).toEqual([["USER", "node"]]);
    expect(starting("HEALTHCHECK")).toHaveLength(1);
    expect(lines.findIndex((line) => line.startsWith("USER"))).toBeLessThan(
      lines.findIndex((line) => line.startsWith("ENTRYPOINT")),
    );
  });

  test("takes the commit and the image's digest", () => {
    expect(starting("ARG").map(([, name]) => name)).toEqual(["GIT_SHA=", "CONTAINER_IMAGE_DIGEST="]);
  });

  test("copies what the service reads beside its source", () => {
    const folders = Array.from(read("src/local.ts").matchAll(/\$\{root\}\/([\w-]+)\//g), ([, folder]) => folder);
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
    const copied = last.filter((line) => line.startsWith("COPY ")).map((line) => line.split(/\s+/).at(-1));
    expect(folders).toContain("schemas");
    expect(copied).toEqual(expect.arrayContaining(folders));
  });

  test("copies what there is and what .dockerignore lets through", () => {
    const copied = starting("COPY")
      .filter(([, first]) => !first?.startsWith("--from"))
      .flatMap((words) => words.slice(1, -1));
    const allowed = read(".dockerignore")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
      expect([path, allowed.some((root) => path === root || path.startsWith(`${root}/`))]).toEqual([path, true]);
    }
  });
});
