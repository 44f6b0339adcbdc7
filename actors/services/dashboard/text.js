"use strict";

// How the dashboard words numbers, times and actions, and how it builds and
// updates elements. Data reach the page only as text nodes and attributes,
// never as markup. Fractions become percentages here, at display. The node
// serves this file, summary.js, day.js, levels.js and page.js joined, in that
// order.

const byId = (id) => document.getElementById(id);

// -- words and numbers --------------------------------------------------------

const isNumber = (x) => typeof x === "number" && Number.isFinite(x);
const words = (x) => String(x ?? "").replaceAll("_", " ");

function signed(value, digits) {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return (value < 0 ? "\u2212" : "+") + text;
}

const percent = (x, digits = 1) =>
  isNumber(x) ? (x * 100).toFixed(digits) + "\u202f%" : "–";
const change = (x, digits = 2) =>
  isNumber(x) ? signed(x * 100, digits) + "\u202f%" : "–";
const points = (x) => (isNumber(x) ? signed(x * 100, 1) : "–");
const money = (x) => (isNumber(x) ? "$" + x.toFixed(2) : "–");

function plural(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function spell(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  const min = Math.floor(s / 60);
  if (min < 60) return `${min} min`;
  const h = Math.floor(min / 60);
  if (h < 48) return min % 60 ? `${h} h ${min % 60} min` : `${h} h`;
  return `${Math.floor(h / 24)} days`;
}

function horizon(minutes) {
  if (!isNumber(minutes)) return "–";
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

// -- times --------------------------------------------------------------------

const format = (options, timeZone = "Australia/Sydney") =>
  new Intl.DateTimeFormat("en-AU", { timeZone, ...options });
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const day = { weekday: "short", day: "numeric", month: "short" };
const sydneyTime = format(clock);
const sydneyDay = format(day);
const sydneyZone = format({ ...day, year: "numeric", timeZoneName: "short" });
const utcTime = format({ ...day, ...clock }, "UTC");

let marketNow = null; // the node's market time, as last read

function dateOf(text) {
  const date = text ? new Date(text) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

/// "10:30", with the day in front where it is not the market's today.
function shortTime(text) {
  const date = dateOf(text);
  if (!date) return "–";
  const time = sydneyTime.format(date);
  const d = sydneyDay.format(date);
  return marketNow && sydneyDay.format(marketNow) === d ? time : `${d} ${time}`;
}

// -- elements -----------------------------------------------------------------

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function draw(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  node.append(...children);
  return node;
}

/// Touches the page only on a change, so that a selection or a screen reader
/// is not disturbed every two seconds.
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function pill(node, kind, text) {
  node.hidden = false;
  node.className = `pill ${kind}`;
  say(node, text);
}

const spoken = {};

function announce(topic, text) {
  const first = !(topic in spoken);
  if (spoken[topic] === text) return;
  spoken[topic] = text;
  if (!first) byId("announcer").textContent = text;
}

/// Keeps `parent`'s children equal to `items`, one node a key; known nodes are
/// kept and updated, unknown ones made. Returns the nodes just made.
function sync(parent, items, keyOf, create, update) {
  const known = (parent.nodesByKey ??= new Map());
  const fresh = [];
  const wanted = new Map();
  for (const item of items) {
    const key = keyOf(item);
    let node = known.get(key);
    if (!node) fresh.push((node = create(item)));
    update?.(node, item);
    wanted.set(key, node);
  }
  parent.nodesByKey = wanted;
  const nodes = [...wanted.values()];
  const same = nodes.length === parent.children.length
    && nodes.every((node, i) => parent.children[i] === node);
  if (!same) parent.replaceChildren(...nodes);
  return fresh;
}

// -- actions ------------------------------------------------------------------

const ACTIONS = {
  BUY: ["▲", "up"], STRONG_BUY: ["▲▲", "up"],
  SELL: ["▼", "down"], STRONG_SELL: ["▼▼", "down"],
  HOLD: ["■", "flat"],
};

function actionOf(item) {
  if (item.abstained) return { word: "ABSTAINED", glyph: "○", tone: "none" };
  if (!item.action) return { word: "", glyph: "…", tone: "none" };
  const [glyph, tone] = ACTIONS[item.action] ?? ["•", "none"];
  return { word: words(item.action), glyph, tone };
}

function outlook(item) {
  if (item.abstained || !item.action) return "–";
  const size = item.predicted_magnitude;
  if (isNumber(size) && Math.abs(size) >= 0.00005) return change(size);
  const by = { 1: "rise", 0: "flat", "-1": "fall" };
  return by[item.predicted_direction] ?? "–";
}
