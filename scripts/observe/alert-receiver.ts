import { createServer, type IncomingMessage, type Server } from "node:http";

/** Alertmanager sends at most what it has grouped; more than this is not from it. */
const MAX_BODY_BYTES = 1 << 20;

/** What Alertmanager posts to a webhook, as far as it is shown. */
interface Notification {
  readonly receiver: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly startsAt: string;
  }[];
}

/** A receiver for Alertmanager's webhooks that needs no account: hands each alert on as one line of JSON. */
export function alertReceiver(print: (line: string) => void): Server {
  return createServer(async (request, response) => {
    const end = (status: number) => response.writeHead(status).end();
    if (request.method !== "POST") return end(200);
    try {
      for (const line of linesOf(JSON.parse(await bodyOf(request)))) print(line);
      end(200);
    } catch {
      end(400);
    }
  });
}

function linesOf({ receiver, alerts }: Notification): string[] {
  return alerts.map(({ status, labels, annotations, startsAt }) => {
    const { alertname, severity } = labels;
    const { summary, description, runbook_url } = annotations;
    return JSON.stringify({ receiver, status, alertname, severity, startsAt, summary, description, runbook_url });
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
