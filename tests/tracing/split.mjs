// A node split into processes, its core at another address of the loopback net
// (a second machine's stand-in): one trace goes through gateway, core and
// database, one through the core into a training; and what waited too long in
// the core is not begun there.
//   node split.mjs BINARY_DIR FOLDER
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
  if (!holds) failures.push(`${what}: ${JSON.stringify(got)?.slice(0, 600)}`);
}

const collector = new Collector();
const endpoint = await collector.start();
const hasModels = existsSync(`${binaries}/banksia-ml`);
const settings = {
  clock_speed: 3600, prediction_port: 0, evaluation_port: 0, ml_port: 0,
  data_port: 0, dashboard_port: 0, node_port: 0, core_port: 0,
  ml: hasModels ? "on" : "off",
  tracing_endpoint: endpoint, tracing_sample_ratio: 1, tracing_delay_ms: 50,
};
const processes = [];

function start(roles, more = {}, environment = {}) {
  const child = spawn(`${binaries}/banksia`, [
    "run", "--env", "demo", "--data-dir", folder, "--roles", roles,
    ...Object.entries({ ...settings, ...more })
      .flatMap(([k, v]) => ["--set", `${k}=${v}`]),
  ], { stdio: ["ignore", "ignore", "inherit"],
       env: { ...process.env, ...environment } });
  processes.push(child);
  child.ended = once(child, "exit");
  return child;
}

const announced = name => {
  try {
    return JSON.parse(readFileSync(`${folder}/run/${name}.json`)).addresses;
  } catch { return undefined; }
};

async function ask(service, path, options = {}) {
  const address = service === "core" ? announced("node").core
                                     : announced("ml-dashboard")[service];
  const answer = await fetch(`http://${address}${path}`, options);
  const text = await answer.text();
  let body;
  try { body = JSON.parse(text); } catch { body = text; }
  return { status: answer.status, body,
           traceId: answer.headers.get("x-trace-id") };
}

function change(service, path, headers = {}) {
  return ask(service, path, {
    method: "POST", body: "{}",
    headers: { "content-type": "application/json",
               authorization: `Bearer ${
                 readFileSync(`${folder}/operator.token`, "utf8").trim()}`,
               ...headers },
  });
}

const span = "00f067aa0ba902b7";
const traces = { sweep: "4bf92f3577b34da6a3ce929d0e0e4736",
                 train: "5bf92f3577b34da6a3ce929d0e0e4736" };
const within = id => ({ traceparent: `00-${id}-${span}-01` });
const spansOf = id => collector.spans.filter(x => x.traceId === id);

let swept, trained, late, metrics;
try {
  // So that a second request waits behind the first one.
  start("core", { bind_address: "127.0.0.2" },
        { BANKSIA_FAULTS: "slow:evaluator:every=1:message=@atom:ms=300" });
  const core = await until("the core", () => announced("node")?.node);
  expect(core.startsWith("127.0.0.2:"), "the core's own address", core);
  start("ml,dashboard", { core_address: core });
  await until("the services", async () => announced("ml-dashboard")
    && (await ask("dashboard", "/readyz")).status === 200);
  swept = await until("a sweep", async () => {
    const x = await change("dashboard", "/evaluations/process",
                           within(traces.sweep));
    return x.status === 200 && x;
  });
  if (hasModels)
    trained = await until("a training", async () => {
      const x = await change("ml", "/ml/train", within(traces.train));
      return (x.status === 202 || x.status === 409) && x;
    });
  late = await until("a request that is late", async () => {
    const hasty = { "request-timeout": "0.2" };
    const all = await Promise.all([1, 2, 3].map(() =>
      change("dashboard", "/evaluations/process", hasty)));
    metrics = (await ask("core", "/metrics")).body;
    return /late_requests_total\{actor="evaluator"\} [1-9]/.test(metrics)
      && all.find(x => x.status === 504);
  });
  // One that comes while the core reads what is owed has that reading's result,
  // which is in the trace of whoever began it.
  await until("the spans of the sweep", async () => {
    if (spansOf(traces.sweep).some(x =>
      x.attributes["db.system.name"] === "sqlite")) return true;
    await change("dashboard", "/evaluations/process", within(traces.sweep));
    return false;
  });
  if (trained?.status === 202)
    await until("the training's end", () => spansOf(traces.train).some(x =>
      x.name === "ml/trainer training"));
} finally {
  for (const x of processes.reverse()) {
    x.kill("SIGTERM");
    await x.ended;
  }
}
for (const x of processes)
  expect(x.exitCode === 0, "each process ends well", [x.exitCode, x.signalCode]);
collector.stop();

// -- what came ------------------------------------------------------------------

expect(collector.failures.length === 0, "every request is read",
       collector.failures.slice(0, 3));
const byId = new Map(collector.spans.map(x => [x.spanId, x]));
const home = x => x?.by["service.instance.id"];
const isRemote = x => (x.flags & 0x300) === 0x300;

// Each span below the caller's has its parent, in this process or the other.
function follow(id, first) {
  const all = spansOf(id);
  for (const x of all) {
    if (x.parentSpanId === span) continue;
    const parent = byId.get(x.parentSpanId);
    expect(parent, `${x.name} has a parent`, x.parentSpanId);
    if (!parent) continue;
    expect(parent.traceId === id, `${x.name} is in its parent's trace`, parent);
    expect(isRemote(x) === (home(x) !== home(parent)),
           `${x.name} says whether its parent is elsewhere`,
           [x.flags, home(x), home(parent)]);
  }
  const served = all.filter(x => x.parentSpanId === span);
  expect(served.length > 0 && served.every(x => x.name === first),
         "the requests are served", served.map(x => x.name));
  return all;
}

const sweep = follow(traces.sweep, "POST /evaluations/process");
const hop = sweep.find(x => x.attributes["banksia.actor"] === "evaluator"
                       && x.kind === 2);
expect(swept.traceId === traces.sweep, "the answer names the trace", swept);
expect(hop && isRemote(hop), "the evaluator works in the trace", hop);
expect(byId.get(hop?.parentSpanId)?.attributes["banksia.actor"]
       ?.startsWith("api/"), "below the service that asked it",
       byId.get(hop?.parentSpanId));
expect(sweep.some(x => x.kind === 1 && home(x) !== home(hop)
                  && x.attributes["banksia.actor"]?.startsWith("api/")
                  && home(byId.get(x.parentSpanId)) === home(x)),
       "its answer goes on where it was asked",
       sweep.map(x => [x.name, x.kind]));
expect(sweep.some(x => x.attributes["db.system.name"] === "sqlite"
                  && home(x) === home(hop)),
       "the core's database is in it", sweep.map(x => x.name));

expect(collector.spans.some(x => x.attributes["banksia.actor"] === "api/events"
                            && isRemote(x) && home(x) !== home(hop)),
       "events bring their spans to the dashboard", collector.spans.length);

if (trained?.status === 202) {
  const train = follow(traces.train, "POST /ml/train");
  const whole = train.filter(x => x.name === "ml/trainer training");
  expect(whole.length === 1 && home(whole[0]) === home(hop),
         "one training, in the core", whole.map(x => x.name));
  expect(whole[0]?.attributes["banksia.training_id"]
         === trained.body.training_id, "the one that was asked for", whole[0]);
  const phases = train.filter(x => x.name.startsWith("training "));
  expect(phases.length > 0
         && phases.every(x => x.parentSpanId === whole[0]?.spanId),
         "it has phases", train.map(x => x.name));
}

expect(late.status === 504, "who was late is told", late);

const reports = readFileSync(`${folder}/logs/supervision.jsonl`, "utf8").trim()
  .split("\n").map(x => JSON.parse(x));
expect(reports.every(x => x.node === "core"), "reports name their process",
       [...new Set(reports.map(x => x.node))]);

if (failures.length) {
  console.error(failures.slice(0, 20).join("\n"));
  console.error(`${failures.length} of ${checks} checks fail`);
  process.exit(1);
}
console.log(`ok: ${checks} checks, ${collector.spans.length} spans of ${
  new Set(collector.spans.map(home)).size} processes`);
