import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SERVE, type Service, startProcess } from "../runtime/processes.ts";

/** The page at `/`, driven in a real browser against a real service. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const missing = existsSync(executablePath)
  ? null
  : `no Chromium at ${executablePath}: apt-get install chromium, or let CHROMIUM name another`;
if (missing) console.warn(`SKIPPED: the home page in a browser; ${missing}`);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(missing !== null)("the home page", () => {
  let browser: Browser;
  let folder: string;
  let service: Service;
  let base: string;
  /** What no page may do: ask another origin, or complain. */
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "reprise-page-"));
    service = await startProcess(SERVE.node, {
      MODEL_REGISTRY: join(folder, "models"),
      SNAPSHOT_DIR: join(folder, "snapshots"),
      REPRISE_STATE_DIR: join(folder, "state"),
    });
    ({ base } = service);
    browser = await chromium.launch({ executablePath, args: FLAGS, headless: true });
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  /** Opens the page and waits for its first list. */
  async function open(hash = "", options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(options);
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(base).origin) complaints.push(`asked ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${base}/${hash}`);
    await idle(page);
    return page;
  }

  const idle = (page: Page) => page.locator('#list[aria-busy="false"]').waitFor();
  const titles = (page: Page) => page.locator(".film .title").allTextContents();
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();

  async function api(path: string, init?: RequestInit) {
    const response = await fetch(`${base}${path}`, init);
    return (await response.json()) as {
      recommendations: { title: string; because?: unknown[] }[];
      movies: { movie_id: number; title: string; year: number }[];
    };
  }

  test("starts with what is popular", async () => {
    const page = await open();
    expect(await heading(page)).toBe("Popular films");
    expect(await titles(page)).toHaveLength(20);
  });

  test("finds films and shows the neighbours of one", async () => {
    const page = await open();
    const { movies } = await api("/movies?q=matrix&limit=8");
    await page.getByLabel("Title").fill("matrix");
    await expect.poll(() => page.locator("#found .name").allTextContents()).toEqual(movies.map(({ title }) => title));
    await page.locator("#found button").first().click();
    await expect.poll(() => heading(page)).toBe(`Like ${movies[0].title} (${movies[0].year})`);
    await idle(page);
    const expected = await api(`/similar/${movies[0].movie_id}`);
    expect(await titles(page)).toEqual(expected.recommendations.map(({ title }) => title));
  });

  test("recommends by several films, with what carried each score, and lets go of them", async () => {
    const page = await open();
    const { movies } = await api("/movies?q=toy+story&limit=8");
    await page.getByLabel("Title").fill("toy story");
    await expect.poll(() => page.locator("#found button").count()).toBe(movies.length);
    for (const place of [0, 1]) {
      await page.locator("#found button").nth(place).click();
      await expect.poll(() => page.locator("#liked .chip").count()).toBe(place + 1);
    }
    await expect.poll(() => heading(page)).toBe("Because you like these");
    await idle(page);
    expect(await page.locator('[data-source="session"]').count()).toBe(1);
    const why = page.locator(".why").first();
    await why.locator("summary").click();
    expect((await why.locator(".label").allTextContents()).sort()).toEqual(
      movies
        .slice(0, 2)
        .map(({ title }) => title)
        .sort(),
    );
    await page.getByRole("button", { name: "Clear" }).click();
    await expect.poll(() => heading(page)).toBe("Popular films");
  });

  test("shows a viewer's list by keyboard alone, and why each film is in it", async () => {
    const page = await open();
    await page.getByLabel("Viewer id").focus();
    await page.keyboard.type("42");
    await page.keyboard.press("Enter");
    await expect.poll(() => heading(page)).toBe("For viewer 42");
    await idle(page);
    const { recommendations } = await api("/recommend/42?explain=true");
    expect(await titles(page)).toEqual(recommendations.map(({ title }) => title));
    const why = page.locator(".why").first();
    await why.locator("summary").focus();
    await page.keyboard.press("Enter");
    await why.locator("ul").waitFor();
    const widths = await why
      .locator(".fill")
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
    expect(widths.length).toBeGreaterThan(1);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(widths[0]).toBeGreaterThan(0);
  });

  test("has a receipt whose digest the browser computes again", async () => {
    const page = await open("#/viewer/7");
    await page.locator(".receipt summary").click();
    await expect.poll(() => page.locator("#check").textContent()).toContain("it is the receipt's");
    const receipt = JSON.parse((await page.locator(".receipt pre").textContent()) ?? "");
    expect(receipt.request).toMatchObject({ kind: "user", user_id: 7, explain: true });
    const digest = await page.locator(`code[title="${receipt.result_digest}"]`).textContent();
    expect(digest?.length).toBeLessThan(receipt.result_digest.length);
  });

  test("says that a digest does not match when the list was changed on the way", async () => {
    const page = await open();
    await page.route("**/recommend/7?**", async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      answer.recommendations[0].score += 1;
      await route.fulfill({ response, json: answer });
    });
    await page.goto(`${base}/#/viewer/7`);
    await page.locator(".receipt summary").click();
    await expect.poll(() => page.locator("#check").textContent()).toContain("does not have the receipt's digest");
  });

  test("shows titles as text, the year once", async () => {
    const page = await open();
    await page.route("**/popular", async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      Object.assign(answer.recommendations[0], { title: "<img src=x onerror=alert(1)> (1995)", year: 1995 });
      Object.assign(answer.recommendations[1], { title: null, year: null, movie_id: 999 });
      await route.fulfill({ response, json: answer });
    });
    await page.reload();
    await idle(page);
    expect((await titles(page)).slice(0, 2)).toEqual(["<img src=x onerror=alert(1)>", "Film 999"]);
    expect(await page.locator(".film h2").first().textContent()).toBe("<img src=x onerror=alert(1)> 1995");
  });

  test("pins a version, and the address keeps it", async () => {
    const page = await open("#/viewer/42");
    await page.getByLabel("Answered by").selectOption("v0.2");
    await expect.poll(() => page.locator(".badge").first().textContent()).toBe("als v0.2");
    await page.reload();
    await idle(page);
    expect(await page.locator(".badge").first().textContent()).toBe("als v0.2");
    expect(await heading(page)).toBe("For viewer 42");
  });

  test("says what is missing for unknown viewers, films and versions", async () => {
    const page = await open("#/viewer/nobody");
    expect(await heading(page)).toBe("Popular films, as viewer nobody is unknown");
    await page.getByLabel("Title").fill("no such film at all");
    await expect.poll(() => page.locator("#search-note").textContent()).toContain("No film has");
    await page.goto(`${base}/#/films/no-such-film`);
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("Not Found");
    await page.goto(`${base}/#/viewer/42?model=v9.9`);
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("v9.9");
    expect(complaints.splice(0).filter((text) => !text.includes("404"))).toEqual([]);
  });

  test("says so when the service does not answer, and tries again when asked", async () => {
    const page = await open();
    await page.route("**/recommend/42?**", (route) => route.abort());
    await page.goto(`${base}/#/viewer/42`);
    await expect.poll(() => page.getByRole("alert").textContent()).toContain("does not answer");
    await page.unroute("**/recommend/42?**");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => heading(page)).toBe("For viewer 42");
    expect(complaints.splice(0).filter((text) => !text.includes("ERR_FAILED"))).toEqual([]);
  });

  test.each(["light", "dark"] as const)("fits a phone without sideways scrolling, %s", async (colorScheme) => {
    const page = await open("#/films/1,2,3", { viewport: { width: 320, height: 640 }, colorScheme });
    await page.locator(".why summary").first().click();
    await page.locator(".receipt summary").click();
    await page.getByLabel("Title").fill("the");
    await page.locator("#found button").first().waitFor();
    const [content, window] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as number[];
    expect(content).toBeLessThanOrEqual(window);
    await page.getByRole("button", { name: "See the list" }).click();
    expect(await page.evaluate("document.activeElement.id")).toBe("list");
  });

  test("shows the API's description with nothing from elsewhere", async () => {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`${base}/docs`);
    await page.getByText("/recommend/{user_id}").first().waitFor();
    expect(new Set(asked)).toEqual(new Set([new URL(base).origin]));
  });
});
