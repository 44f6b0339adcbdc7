"use strict";

// The tables, and what keeps the page current: server-sent events say what
// changed, a heartbeat reads the summary whether or not they do, and the top
// bar says how old the shown data are.

const HEARTBEAT_MS = 2000; // the summary is read this often, events or not
const TIMEOUT_MS = 5000;   // an answer slower than this counts as none
const STALE_MS = 10000;    // a summary older than this is shown as stale
const DEBOUNCE_MS = 250;   // events this close together cause one refresh
const RETRY_MAX_MS = 30000;
const LEVELS_MS = 10000;   // the service levels move slowly
const LIMIT = 50;

// -- tables -------------------------------------------------------------------

/// The time cells carry dates that depend on the market's today.
function showTime(row, text) {
  say(row.children[0], shortTime(text));
}

function actionCell(item) {
  const { word, glyph, tone } = actionOf(item);
  return make("td", `act ${tone}`, `${glyph} ${word}`);
}

function fill(name, items, keyOf, create, timeOf) {
  const first = byId(`${name}-table`).hidden;
  byId(`${name}-empty`).hidden = items.length > 0;
  byId(`${name}-table`).hidden = items.length === 0;
  const fresh = sync(byId(name), items, keyOf, create,
    (row, item) => showTime(row, timeOf(item)));
  if (!first) for (const row of fresh) row.classList.add("new");
}

function predictionRow(p) {
  const row = make("tr", "", make("td"), make("td", "", p.symbol),
    actionCell(p));
  if (p.abstained) {
    const note = make("td", "note", words(p.reason) || "no reason given");
    note.colSpan = 2;
    row.append(note, make("td", "wide"));
  } else {
    row.append(make("td", "n", percent(p.confidence, 0)),
      make("td", "n", outlook(p)),
      make("td", "n wide", money(p.entry_price)));
  }
  row.append(make("td", "wide", p.model_version ?? ""));
  return row;
}

function outcomeRow(o) {
  const row = make("tr", "", make("td"), make("td", "", o.symbol ?? ""),
    actionCell(o), make("td", "n", horizon(o.horizon_minutes)));
  if (o.is_void || o.void || o.void_reason) {
    const note = make("td", "note", `void: ${words(o.void_reason || o.reason)}`);
    note.colSpan = 2;
    row.append(note, make("td", "wide"));
    return row;
  }
  const gap = o.sessions_elapsed > 1 ? " *" : "";
  const result = make("td", o.success ? "up" : "down",
    (o.success ? "✓ right" : "✕ wrong") + gap);
  if (gap) result.title = "Over a gap in trading: left out of the rates";
  row.append(make("td", "n", change(o.actual_return)), result,
    make("td", "n wide", `${money(o.entry_price)} → ${money(o.exit_price)}`));
  return row;
}

let predictions = null; // as last read: tells when the first outcome is due
let complete = false;   // no older prediction exists than those listed

function showPredictions(answer) {
  predictions = answer.predictions ?? [];
  complete = !answer.next_cursor;
  fill("predictions", predictions, (p) => p.prediction_id, predictionRow,
    (p) => p.timestamp);
  const next = summary?.next_slot
    ? ` The first cycle is due at ${shortTime(summary.next_slot)}.` : "";
  say(byId("predictions-empty"), `No predictions yet.${next}`);
  showOutcomesEmpty();
}

function showOutcomes(answer) {
  fill("outcomes", answer.outcomes ?? [],
    (o) => o.outcome_id ?? `${o.prediction_id} ${o.horizon_minutes}`,
    outcomeRow, (o) => o.evaluation_timestamp);
  showOutcomesEmpty();
}

/// Due is when the oldest prediction's horizon ends; known only while the
/// list reaches back to the first one.
function showOutcomesEmpty() {
  if (predictions === null) return;
  const due = predictions
    .filter((p) => !p.abstained && isNumber(p.horizon_minutes))
    .map((p) => Date.parse(p.timestamp) + p.horizon_minutes * 60000)
    .filter((t) => !Number.isNaN(t));
  const when = !due.length ? ": there is no prediction to judge"
    : complete ? `: the first is due at ${shortTime(Math.min(...due))}` : "";
  // Rates are about one horizon; outcomes of shorter ones come earlier.
  const listed = !byId("outcomes-table").hidden;
  say(byId("performance-empty"), listed && due.length
    ? `No outcomes over the main horizon yet${when}.`
    : `No outcomes yet${when}.`);
  say(byId("outcomes-empty"),
    `No outcomes yet${when.replace("due at", "due by")}.`);
}

// -- reading ------------------------------------------------------------------

async function read(url) {
  const answer = await fetch(url, {
    cache: "no-store", headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`the node answered ${answer.status}`);
  return answer.json();
}

function reasonOf(error) {
  if (error.name === "TimeoutError")
    return `no answer within ${spell(TIMEOUT_MS)}`;
  return error instanceof TypeError ? "the node cannot be reached"
    : error.message;
}

/// One thing to keep current. `load` never runs twice at a time: a call while
/// it runs makes it run once more, so answers cannot overtake each other.
function source(url, show) {
  const self = { readAt: null, failure: "", busy: false, again: false };
  self.load = async () => {
    self.again = self.busy;
    if (self.busy) return;
    self.busy = true;
    do {
      self.again = false;
      const asked = Date.now();
      try {
        const answer = await read(url);
        show(answer);
        self.readAt = asked;
        self.failure = "";
      } catch (error) {
        self.failure = reasonOf(error);
        self.again = false;
      }
      showFreshness();
    } while (self.again);
    self.busy = false;
  };
  return self;
}

const sources = {
  summary: source("/dashboard/api/summary", showSummary),
  predictions:
    source(`/dashboard/api/predictions?limit=${LIMIT}`, showPredictions),
  outcomes: source(`/dashboard/api/outcomes?limit=${LIMIT}`, showOutcomes),
  analysis: source("/dashboard/api/analysis", showAnalysis),
  levels: source("/dashboard/api/service-levels", showLevels),
};

const pending = new Set();
let timer = 0;

function refresh(...names) {
  for (const name of names) pending.add(name);
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    for (const name of pending) sources[name].load();
    pending.clear();
  }, DEBOUNCE_MS);
}

// -- freshness ----------------------------------------------------------------

let events = null;
let listening = false;
let retryMs = HEARTBEAT_MS;

function connection() {
  const { readAt, failure } = sources.summary;
  if (readAt === null) return failure ? "lost" : "connecting";
  if (failure || Date.now() - readAt > STALE_MS) return "lost";
  return listening ? "live" : "polling";
}

function showFreshness() {
  const state = connection();
  const { readAt, failure } = sources.summary;
  const age = readAt === null ? "" : spell(Date.now() - readAt);
  document.body.dataset.connection = state;
  say(byId("connection"), {
    connecting: "Connecting …",
    live: `Live · ${age} old`,
    polling: `Live events reconnecting, asking every 2 s · ${age} old`,
    lost: age ? `Reconnecting · data ${age} old` : "Reconnecting",
  }[state]);
  const behind = Object.entries(sources).slice(1)
    .filter(([, s]) => s.failure)
    .map(([name, s]) => `Recent ${name} cannot be read (${s.failure}); `
      + (s.readAt ? `shown as of ${spell(Date.now() - s.readAt)} ago.`
        : "none shown."));
  const text = state === "lost"
    ? `Not connected: ${failure || "the node is silent"}. `
      + (age ? `What you see is ${age} old. ` : "") + "Trying again …"
    : behind.join(" ");
  byId("stale").hidden = text === "";
  say(byId("stale"), text);
  announce("connection", state === "lost" ? "Connection lost" : "Connected");
  showTitle(state);
}

function showTitle(state) {
  const lead = state === "lost" ? "✕ Reconnecting"
    : !summary ? "" : summary.health !== "HEALTHY"
      ? healthOf(summary.health).slice(1).join(" ")
      : `${shortTime(summary.market_time)} ${summary.market_state ?? ""}`;
  document.title = lead ? `${lead} · Banksia` : "Banksia";
}

// -- staying current ----------------------------------------------------------

function listen() {
  events = new EventSource("/dashboard/api/events");
  const on = (name, ...parts) =>
    events.addEventListener(name, () => refresh("summary", ...parts));
  on("prediction", "predictions");
  on("outcome", "outcomes");
  on("cycle", "predictions");
  on("health");
  events.onopen = () => {
    listening = true;
    retryMs = HEARTBEAT_MS;
    refresh("summary", "predictions", "outcomes", "analysis");
  };
  events.onerror = () => {
    listening = false;
    showFreshness();
    // The browser tries again by itself, but not after a refusal (say 503).
    if (events.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
  };
}

let seen = ""; // what the summary said of the lists at the last heartbeat
let analysed = null; // and of the analyses, when they were last read

/// A stream can die without a word, so the lists are also read when the
/// summary shows that they moved on.
async function beat() {
  await sources.summary.load();
  const { cycles, outcomes, symbols } = summary ?? {};
  const now = JSON.stringify([cycles, outcomes?.samples,
    symbols?.map((s) => s.timestamp)]);
  const moved = now !== seen;
  seen = now;
  for (const name of ["predictions", "outcomes"])
    if (!listening || moved || sources[name].failure) sources[name].load();
  const newest = JSON.stringify(summary?.analysis);
  if (newest !== analysed || sources.analysis.failure) {
    analysed = newest;
    sources.analysis.load();
  }
}

setInterval(beat, HEARTBEAT_MS);
setInterval(showFreshness, 1000);
setInterval(() => sources.levels.load(), LEVELS_MS);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) beat();
});
document.addEventListener("click", (event) => {
  const health = byId("health");
  if (!health.contains(event.target)) health.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") byId("health").open = false;
});
beat();
sources.levels.load();
listen();
