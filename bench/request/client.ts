import { connect, type Socket } from "node:net";

/** One connection that is kept open, on which one request is under way at a time. */
export interface Connection {
  /** @returns the body. @throws Error for a status other than 200, and where the connection ends */
  get(path: string): Promise<string>;
  close(): void;
}

const HEAD_END = "\r\n\r\n";
const LAST_CHUNK = "\r\n0\r\n\r\n";

/**
 * Speaks just as much HTTP/1.1 as the load needs: a client of the runtime would take more time for a request than the
 * service, and there are two cores.
 */
export async function openConnection(base: string): Promise<Connection> {
  const { hostname, port, host } = new URL(base);
  const socket: Socket = connect(Number(port), hostname).setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  let received = "";
  let waiting: { resolve(body: string): void; reject(error: Error): void } | null = null;

  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the connection ended")));
  socket.on("data", (bytes) => {
    // Every byte is one character, so that lengths in bytes are lengths of the text.
    received += bytes.toString("latin1");
    const body = bodyOf(received);
    if (body === null) return;
    const answered = waiting;
    const status = received.slice(9, 12);
    received = "";
    waiting = null;
    if (status === "200") answered?.resolve(body);
    else answered?.reject(new Error(`${status} ${body.slice(0, 200)}`));
  });
  return {
    get: (path) =>
      new Promise((resolve, reject) => {
        // A service closes connections on which nothing is asked for a while.
        if (socket.destroyed) throw new Error("the connection ended");
        waiting = { resolve, reject };
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, "latin1");
      }),
    close: () => socket.destroy(),
  };
}

/** The body of a response that is there as a whole; null where more must come. */
function bodyOf(received: string): string | null {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = received.slice(0, headEnd);
  const start = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: ([0-9]+)/i.exec(head)?.[1];
  if (length === undefined) return received.endsWith(LAST_CHUNK) ? received.slice(start) : null;
  return received.length - start < Number(length) ? null : received.slice(start);
}
