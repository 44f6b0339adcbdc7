// A collector of OTLP over HTTP. What it gets is read by OpenTelemetry's own
// classes, which are generated from the protocol's definition, and whatever
// these do not know is an error: an exporter could write anything otherwise.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { opentelemetry } = require(
  "@opentelemetry/otlp-transformer/build/src/generated/root");
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;

// OTLP's JSON writes ids as hex digits; Protobuf's own JSON would as base64.
const idFields = { traceId: 32, spanId: 16, parentSpanId: 16 };

function toBytes(x, where) {
  if (Array.isArray(x)) return x.map((y, i) => toBytes(y, `${where}[${i}]`));
  if (x === null || typeof x !== "object") return x;
  return Object.fromEntries(Object.entries(x).map(([key, value]) => {
    const at = `${where}.${key}`;
    if (!(key in idFields)) return [key, toBytes(value, at)];
    if (typeof value !== "string" || !/^[0-9a-f]*$/.test(value)
        || value.length !== idFields[key] || /^0*$/.test(value))
      throw new Error(`${at}: no id: ${JSON.stringify(value)}`);
    return [key, Buffer.from(value, "hex")];
  }));
}

// All that was sent must have arrived.
function compare(sent, read, where) {
  if (Array.isArray(sent)) {
    if (sent.length !== read?.length) throw new Error(`${where}: lost`);
    sent.forEach((x, i) => compare(x, read[i], `${where}[${i}]`));
  } else if (Buffer.isBuffer(sent)) {
    if (Buffer.compare(sent, Buffer.from(read)) !== 0)
      throw new Error(`${where}: other bytes`);
  } else if (sent !== null && typeof sent === "object") {
    for (const [key, value] of Object.entries(sent)) {
      if (!(key in (read ?? {}))) throw new Error(`${where}.${key}: unknown`);
      compare(value, read[key], `${where}.${key}`);
    }
  } else if (String(sent) !== String(read)) {
    throw new Error(`${where}: ${sent} became ${read}`);
  }
}

function valueOf(x) {
  return x.stringValue ?? x.doubleValue ?? x.boolValue
    ?? (x.intValue === undefined ? undefined : Number(x.intValue));
}

const hex = bytes => bytes?.length ? Buffer.from(bytes).toString("hex") : "";

function attributesOf(list) {
  return Object.fromEntries((list ?? []).map(x => [x.key, valueOf(x.value)]));
}

// The spans of a request's body; throws where it is none.
export function spansOf(body) {
  const sent = toBytes(JSON.parse(body), "request");
  const wrong = ExportTraceServiceRequest.verify(
    ExportTraceServiceRequest.fromObject(sent));
  if (wrong) throw new Error(wrong);
  // There and back in binary, as the protocol's main form has it.
  const read = ExportTraceServiceRequest.toObject(
    ExportTraceServiceRequest.decode(ExportTraceServiceRequest.encode(
      ExportTraceServiceRequest.fromObject(sent)).finish()),
    { longs: String, defaults: true, oneofs: false });
  compare(sent, read, "request");
  return sent.resourceSpans.flatMap(resource => {
    const by = attributesOf(resource.resource.attributes);
    return resource.scopeSpans.flatMap(scope => scope.spans.map(x => ({
      ...x,
      by,
      traceId: hex(x.traceId),
      spanId: hex(x.spanId),
      parentSpanId: hex(x.parentSpanId),
      attributes: attributesOf(x.attributes),
      links: (x.links ?? []).map(y => ({ traceId: hex(y.traceId),
                                         spanId: hex(y.spanId) })),
    })));
  });
}

export class Collector {
  spans = [];
  failures = [];
  requests = 0;

  async start() {
    this.server = createServer((request, response) => this.take(request,
                                                                response));
    await new Promise(done => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  async take(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    ++this.requests;
    // The first one is turned away, as a collector that is busy does.
    if (this.requests === 1) {
      response.writeHead(503, { "retry-after": "0" }).end();
      return;
    }
    try {
      if (request.url !== "/v1/traces" || request.method !== "POST"
          || request.headers["content-type"] !== "application/json")
        throw new Error(`${request.method} ${request.url}`);
      this.spans.push(...spansOf(Buffer.concat(parts).toString("utf8")));
    } catch (error) {
      this.failures.push(error.message);
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections?.();
  }
}
