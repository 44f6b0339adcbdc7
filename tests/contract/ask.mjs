// One request and its answer, with nothing added to what is given.
import http from "node:http";
import net from "node:net";

const agent = new http.Agent({ keepAlive: false });

// Streams are left after their header.
export function ask(base, method, target, headers, body) {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const options = {
      agent, method, path: target, host: url.hostname, port: url.port,
      headers: { host: "localhost", ...headers }, timeout: 20_000,
    };
    if (body !== undefined) options.headers["content-length"] = Buffer.byteLength(body);
    let answered = false;
    const request = http.request(options, answer => {
      answered = true;
      const kind = answer.headers["content-type"] ?? "";
      if (kind.startsWith("text/event-stream")) {
        resolve({ status: answer.statusCode, headers: answer.headers, text: "", stream: true });
        request.destroy();
        return;
      }
      const parts = [];
      answer.on("data", part => parts.push(part));
      answer.on("end", () => resolve({
        status: answer.statusCode, headers: answer.headers,
        text: Buffer.concat(parts).toString("utf8"),
      }));
      answer.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error(`${method} ${target}: no answer`)));
    // An answer may come before all of a body that is too long is taken.
    request.on("error", error => { if (!answered) reject(error); });
    request.end(body);
  });
}

// The answer to exactly these bytes.
export function raw(base, text) {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(url.port), url.hostname, () => socket.write(text));
    let got = "";
    socket.setTimeout(20_000, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.on("data", part => {
      got += part;
      const end = got.indexOf("\r\n\r\n");
      if (end < 0) return;
      const headers = Object.fromEntries(got.slice(0, end).split("\r\n").slice(1)
        .map(line => [line.slice(0, line.indexOf(":")).toLowerCase(),
                      line.slice(line.indexOf(":") + 2)]));
      if (got.length - end - 4 < Number(headers["content-length"])) return;
      socket.destroy();
      resolve({ status: Number(got.slice(9, 12)), headers, text: got.slice(end + 4) });
    });
  });
}
