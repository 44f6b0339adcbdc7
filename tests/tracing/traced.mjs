// One prediction of a real node, traced from HTTP to the database: what a
// collector gets fits together, and log, answer and prediction lead to it.
//   node traced.mjs BINARY_DIR FOLDER
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { Collector } from "./collector.mjs";
import { until } from "./until.mjs";

const [binaries, folder] = process.argv.slice(2);
const failures = [];
let checks = 0;

function expect(holds, what, got) {
  ++checks;
  if (!holds) failures.push(`${what}: ${JSON.stringify(got)}`);
}

const collector = new Collector();
const endpoint = await collector.start();
const began = Date.now();
const settings = {
  clock_speed: 3600, prediction_port: 0, evaluation_port: 0, ml_port: 0,
  data_port: 0, dashboard_port: 0, node_port: 0,
  tracing_endpoint: endpoint, tracing_sample_ratio: 1, tracing_delay_ms: 50,
  log_level: "debug", // the entries of sampled requests
};
const node = spawn(`${binaries}/banksia`, [
  "run", "--env", "demo", "--data-dir", folder,
  ...Object.entries(settings).flatMap(([k, v]) => ["--set", `${k}=${v}`]),
], { stdio: ["ignore", "ignore", "inherit"] });
const ended = once(node, "exit");

const caller = { trace: "4bf92f3577b34da6a3ce929d0e0e4736",
                 span: "00f067aa0ba902b7" };
const traceparent = `00-${caller.trace}-${caller.span}-01`;

async function ask(service, path, options = {}) {
  const { addresses } = JSON.parse(readFileSync(`${folder}/run/node.json`));
  const answer = await fetch(`http://${addresses[service]}${path}`, options);
  const text = await answer.text();
  let body;
  try { body = JSON.parse(text); } catch { body = text; }
  return { status: answer.status, body,
           traceId: answer.headers.get("x-trace-id") };
}

// By the traces in which they are asked for.
const shown = Object.fromEntries(["/predictions/latest", "/predictions/latest",
  "/predictions?limit=500"].map((path, i) =>
    [caller.trace.replace("4", `${6 + i}`), path]));

function generate(body, parent) {
  return ask("prediction", "/predictions/generate", {
    method: "POST", body,
    headers: { traceparent: parent, "content-type": "application/json",
               authorization: `Bearer ${
                 readFileSync(`${folder}/operator.token`, "utf8").trim()}` },
  });
}

let prediction, refused, unsampled, metrics, single;
try {
  await until("the node", () => {
    if (node.exitCode !== null) throw new Error("the node has ended");
    return existsSync(`${folder}/run/node.json`);
  });
  await until("spans of banksia-ml", () =>
    collector.spans.some(x => x.by["service.name"] === "banksia-ml"));
  await until("outcomes", () =>
    collector.spans.some(x => x.name === "evaluator outcomes"));
  const made = await until("a prediction", async () => {
    const { status } = await ask("prediction", "/predictions/latest");
    if (status !== 200) return undefined;
    const got = await generate("{}", traceparent.replace(/-01$/, "-00"));
    return got.status === 200 ? got : undefined;
  });
  unsampled = made;
  const answer = await generate("{}", traceparent);
  expect(answer.status === 200, "generate answers", answer);
  expect(answer.traceId === caller.trace, "the answer names the trace",
         answer.traceId);
  prediction = answer.body.predictions[0];
  single = await ask("prediction", `/predictions/${prediction.prediction_id}`);
  // Twice, since an answer is kept.
  for (const [id, path] of Object.entries(shown))
    await ask("prediction", path, { headers: {
      traceparent: `00-${id}-${caller.span}-01` } });
  refused = await generate("{", `00-${caller.trace.replace("4", "5")}-${
    caller.span}-01`);
  metrics = await until("exported spans", async () => {
    const { body } = await ask("dashboard", "/metrics");
    return /banksia_trace_spans_exported_total [1-9]/.test(body) && body;
  });
} finally {
  node.kill("SIGTERM");
}
const [code] = await ended;
expect(code === 0, "the node ends well", code);
collector.stop();

// -- what came ------------------------------------------------------------------

const { spans } = collector;
expect(collector.failures.length === 0, "every request is read",
       collector.failures.slice(0, 3));
expect(spans.length > 0, "there are spans", spans.length);
const byId = new Map(spans.map(x => [x.spanId, x]));
expect(byId.size === spans.length, "no span comes twice",
       [byId.size, spans.length]);

// A cycle that was under way at the end has no first span.
const isCycleRoot = x => x.parentSpanId === x.traceId.slice(16);
for (const x of spans) {
  const parent = byId.get(x.parentSpanId);
  if (x.parentSpanId && x.parentSpanId !== caller.span && !isCycleRoot(x))
    expect(parent, `${x.name} has a parent`, x.parentSpanId);
  if (parent)
    expect(parent.traceId === x.traceId, `${x.name} is in its parent's trace`,
           [parent.name, parent.traceId, x.traceId]);
  const start = Number(BigInt(x.startTimeUnixNano) / 1_000_000n);
  expect(start >= began - 60_000 && start <= Date.now() + 60_000,
         `${x.name} has the time of the wall clock`, x.startTimeUnixNano);
  expect(BigInt(x.endTimeUnixNano) >= BigInt(x.startTimeUnixNano),
         `${x.name} ends after it began`, x);
  if (failures.length > 20) break;
}

// Whether `x` lies below `above`.
function isBelow(x, above) {
  for (let at = x; at; at = byId.get(at.parentSpanId))
    if (at.parentSpanId === above.spanId) return true;
  return false;
}

function only(list, what) {
  expect(list.length === 1, `one ${what}`, list.map(x => x.name));
  return list[0] ?? { attributes: {}, links: [] };
}

// -- the caller's trace ---------------------------------------------------------

const asked = spans.filter(x => x.traceId === caller.trace);
const served = only(asked.filter(x => x.kind === 2
  && x.parentSpanId === caller.span), "span of the request");
expect(served.name === "POST /predictions/generate", "its name", served.name);
expect(served.by["service.name"] === "banksia", "its service", served.by);
expect((served.flags & 0x300) === 0x300, "its parent is somebody else's",
       served.flags);
for (const [key, value] of Object.entries({
  "http.request.method": "POST", "http.route": "/predictions/generate",
  "url.path": "/predictions/generate", "http.response.status_code": 200 }))
  expect(served.attributes[key] === value, key, served.attributes);
const hop = only(asked.filter(x => x.parentSpanId === served.spanId),
                 "hop to the service");
expect(hop.attributes["banksia.actor"] === "api/prediction", "its actor", hop);
const scheduler = only(asked.filter(x =>
  x.attributes["banksia.actor"] === "scheduler"), "hop to the scheduler");
expect(scheduler.parentSpanId === hop.spanId, "asked by the service",
       scheduler);
const rows = asked.filter(x => x.attributes["db.system.name"] === "sqlite");
expect(rows.some(x => x.attributes["db.query.summary"] === "predictions"
                 && x.kind === 3 && isBelow(x, served)),
       "the rows are read within the request", rows.map(x => x.name));
expect(asked.some(x => x.links.some(y => y.traceId === prediction.trace_id
  && y.spanId === prediction.trace_id.slice(16))),
       "it is linked to the cycle that made the prediction",
       asked.map(x => [x.name, x.links]));
expect(!spans.some(x => x.traceId === caller.trace && x.parentSpanId
  && x.parentSpanId === caller.span && x !== served),
       "what the caller does not sample is not recorded", unsampled.status);

// -- the prediction's trace -----------------------------------------------------

expect(prediction.trace_id === prediction.cycle_id, "a prediction has a trace",
       prediction);
expect(single.body.trace_id === prediction.trace_id, "and names it alone too",
       single.body);
const made = spans.filter(x => x.traceId === prediction.trace_id);
const root = only(made.filter(x => !x.parentSpanId), "first span of the cycle");
expect(root.name === "cycle" && root.spanId === prediction.trace_id.slice(16),
       "it is the cycle's", root);
const symbol = only(made.filter(x =>
  x.attributes["banksia.actor"] === `symbol/${prediction.symbol}`),
  "hop to the symbol");
expect(isBelow(symbol, root), "below the cycle", symbol);
const writer = only(made.filter(x => x.name === "store/writer cycle_record"),
                    "hop to the store");
expect(isBelow(writer, root), "below the cycle", writer);
expect(made.some(x => x.name === "sqlite write"
                 && x.parentSpanId === writer.spanId),
       "the cycle is written below it", made.map(x => x.name));
const commits = spans.filter(x => x.name === "sqlite commit"
  && x.links.some(y => y.spanId === writer.spanId
                  && y.traceId === prediction.trace_id));
only(commits, "commit that is linked to it");

const outcomes = spans.filter(x => x.name === "evaluator outcomes");
expect(outcomes.every(x => !x.parentSpanId && x.links.length > 0),
       "outcomes are linked", outcomes.map(x => x.links));
expect(outcomes.some(x => x.links.some(y =>
  byId.get(y.spanId)?.name === "cycle"
    && byId.get(y.spanId).traceId === y.traceId)),
       "to the cycles of their predictions", outcomes.map(x => x.links));

for (const [id, path] of Object.entries(shown)) {
  const links = spans.filter(x => x.traceId === id).flatMap(x => x.links);
  expect(links.length > 0 && links.length <= 8
         && links.every(x => x.spanId === x.traceId.slice(16)),
         `${path} is linked to cycles`, links);
}

const training = spans.find(x => x.name === "ml/trainer training");
if (training) {
  const job = spans.find(x => x.traceId === training.traceId
                         && !x.parentSpanId);
  expect(job?.name === "scheduler training" && isBelow(training, job),
         "a daily training is in the trace of its job", job);
}

// -- the models' process --------------------------------------------------------

const models = spans.filter(x => x.by["service.name"] === "banksia-ml");
expect(models.some(x => {
  const gate = byId.get(x.parentSpanId);
  return gate?.by["service.name"] === "banksia"
    && gate.attributes["banksia.actor"] === "ml/gate"
    && x.attributes["banksia.actor"] === "ml/forecaster";
}), "banksia-ml works below the gate", models[0]);

// -- log, problems, metrics -----------------------------------------------------

const log = readFileSync(`${folder}/logs/banksia.jsonl`, "utf8").trim()
  .split("\n").map(x => JSON.parse(x));
const entry = log.find(x => x.trace_id === caller.trace
                          && x.route === "/predictions/generate");
expect(entry, "the log names the trace", log.length);
expect(entry?.level === "debug", "for who looks closely alone", entry);
expect(refused.status === 400
       && refused.body.trace_id === caller.trace.replace("4", "5"),
       "a problem names the trace", refused);
expect(/banksia_trace_spans_dropped_total 0/.test(metrics), "nothing is lost",
       metrics.match(/banksia_trace.*/g));

if (failures.length) {
  console.error(failures.join("\n"));
  console.error(`${failures.length} of ${checks} checks fail`);
  process.exit(1);
}
console.log(`ok: ${checks} checks, ${spans.length} spans in ${
  collector.requests} requests`);
