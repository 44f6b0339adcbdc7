"use strict";

// What `/dashboard/api/summary` says: top bar, market in words, one card a
// symbol, and how good the predictions have been.

// -- symbol cards -------------------------------------------------------------

function makeCard(item) {
  const card = make("li", "card");
  const part = (tag, name, ...c) => (card[`$${name}`] = make(tag, name, ...c));
  card.append(
    make("div", "line", make("h3", "name", item.symbol),
      make("span", "", part("b", "price"), " ", part("span", "moved"))),
    make("div", "line", part("span", "action"), part("span", "outlook")),
    part("div", "chart"), part("div", "confidence"),
    make("div", "bar", part("i", "fill")), part("p", "why"));
  card.querySelector(".bar").setAttribute("aria-hidden", "true");
  return card;
}

function tell(item) {
  const made = dateOf(item.timestamp);
  if (!made) return "No prediction yet.";
  const ago = marketNow ? `, ${spell(marketNow - made)} ago` : "";
  const at = isNumber(item.entry_price) && !item.abstained
    ? ` at ${money(item.entry_price)}` : "";
  const why = item.reason ? ` · ${words(item.reason)}` : "";
  return `${shortTime(item.timestamp)}${at}${ago}${why}`;
}

function showCard(card, item, open) {
  const { word, glyph, tone } = actionOf(item);
  card.dataset.symbol = item.symbol;
  card.dataset.action = word;
  const made = dateOf(item.timestamp);
  // Two hours is past any intraday interval: shown, but not as if new.
  card.classList.toggle("old", open && made && marketNow - made > 7.2e6);
  say(card.$price, money(item.last_price));
  const moved = item.change;
  const text = isNumber(moved) ? change(moved) : "";
  card.$moved.className
    = text.startsWith("+") ? "up" : text.startsWith("\u2212") ? "down" : "flat";
  say(card.$moved, text);
  card.$action.className = `action ${tone}`;
  say(card.$action, `${glyph} ${word || "waiting"}`);
  const strong = String(item.optimal_action ?? "").startsWith("STRONG_")
    ? `${words(item.optimal_action).toLowerCase()}, ` : "";
  say(card.$outlook, word && !item.abstained
    ? `${strong}outlook ${outlook(item)}` : "");
  const sure = isNumber(item.confidence) && !item.abstained && word;
  say(card.$confidence, sure ? `Confidence ${percent(item.confidence, 0)}`
    : item.abstained ? "No call, so no confidence" : "");
  card.$fill.parentNode.classList.toggle("no", !sure);
  card.$fill.style.width = sure ? `${item.confidence * 100}%` : "0";
  say(card.$why, tell(item));
  const drawn = JSON.stringify([item.sparkline, item.entry_price]);
  if (card.$drawn === drawn) return;
  card.$drawn = drawn;
  card.$chart.replaceChildren(sparkline(item));
}

function sparkline(item) {
  const closes = (item.sparkline ?? []).filter(isNumber);
  if (closes.length < 2) return make("div", "spark-none", "No price line yet");
  const low = Math.min(...closes), high = Math.max(...closes);
  const span = high - low || 1;
  const x = (i) => ((i / (closes.length - 1)) * 200).toFixed(2);
  const y = (c) => (36 - ((c - low) / span) * 32).toFixed(2);
  const line = "M" + closes.map((c, i) => `${x(i)} ${y(c)}`).join("L");
  const svg = draw("svg", {
    class: "spark", viewBox: "0 0 200 40", preserveAspectRatio: "none",
    role: "img", "aria-label": `Last ${closes.length} closes: lowest `
      + `${money(low)}, highest ${money(high)}, latest ${money(closes.at(-1))}`,
  }, draw("path", { class: "fill", d: `${line}L200 40L0 40Z` }));
  const entry = item.entry_price;
  if (isNumber(entry) && entry >= low && entry <= high)
    svg.append(draw("path", { class: "entry", d: `M0 ${y(entry)}H200` }));
  svg.append(draw("path", { d: line }));
  return svg;
}

// -- the summary --------------------------------------------------------------

const HEALTH = {
  HEALTHY: ["good", "✓", "Healthy"], DEGRADED: ["fair", "▲", "Degraded"],
  UNHEALTHY: ["bad", "✕", "Unhealthy"],
};
const healthOf = (state) => HEALTH[state] ?? ["", "?", words(state || "unknown")];

function showTop(s) {
  const open = s.market_state === "open";
  if (marketNow) {
    const time = byId("market-time");
    time.dateTime = s.market_time;
    say(time, sydneyTime.format(marketNow));
    say(byId("market-date"), `Sydney, ${sydneyZone.format(marketNow)}`);
    say(byId("market-utc"), `${utcTime.format(marketNow)} UTC`);
  }
  const market = open ? "Market open" : "Market closed";
  pill(byId("market-state"), open ? "good" : "",
    `${open ? "●" : "○"} ${market}`);
  const run = [];
  if (s.run && s.run !== "live") run.push(`Replay ${s.run}`);
  if (s.clock && s.clock !== "real" && s.speed !== 1)
    run.push(`Simulated time${isNumber(s.speed) ? `, ${s.speed}× speed` : ""}`);
  byId("run").hidden = run.length === 0;
  say(byId("run"), run.join(" · "));
  const [kind, glyph, word] = healthOf(s.health);
  byId("health").hidden = false;
  pill(byId("health-pill"), kind, `${glyph} ${word}`);
  sync(byId("components"), s.components ?? [], (c) => c.component,
    () => make("li"), (li, c) => {
      const [, mark, state] = healthOf(c.state);
      const text = `${mark}|${words(c.component)}: ${state.toLowerCase()}|`
        + (c.reason || "");
      if (li.$text === text) return;
      li.$text = text;
      const [a, b, ...why] = text.split("|");
      li.replaceChildren(make("span", "", a), make("span", "", b),
        ...(c.reason ? [make("small", "", why.join("|"))] : []));
    });
  announce("health", `System ${word.toLowerCase()}`);
  announce("market", market);
}

function contextWords(c) {
  if (!c) return "No reading of the market as a whole yet.";
  if (c.flagged)
    return "No usable index data, so the market is taken as neutral.";
  const stress = isNumber(c.stress) && c.stress < 1
    ? ` Stress: confidence is cut to ${percent(c.stress, 0)} of itself.`
    : " No stress.";
  return `The market is ${words(c.trend).toLowerCase()}: the index moved `
    + `${change(c.trend_return, 1)} over five sessions, its volatility is `
    + `${percent(c.volatility, 0)} a year.${stress}`;
}

function showCycles(s) {
  const c = s.cycles ?? {};
  const missed = `${c.missed ?? 0} missed`;
  const next = dateOf(s.next_slot)
    ? ` Next at ${shortTime(s.next_slot)} Sydney time.` : "";
  const text = `${plural(c.completed ?? 0, "prediction cycle")} completed, `
    + `${c.late ?? 0} late, |.${next}`;
  const [before, after] = text.split("|");
  const key = text + missed;
  const node = byId("cycles");
  if (node.$key === key) return;
  node.$key = key;
  node.replaceChildren(before,
    c.missed > 0 ? make("b", "", `✕ ${missed}`) : missed, after);
}

let summary = null;

function showSummary(s) {
  summary = s;
  marketNow = dateOf(s.market_time);
  showTop(s);
  say(byId("context"), contextWords(s.context));
  showCycles(s);
  const symbols = s.symbols ?? [];
  byId("symbols-empty").hidden = symbols.length > 0;
  say(byId("symbols-empty"), "No symbols are followed.");
  sync(byId("symbols"), symbols, (x) => x.symbol, makeCard,
    (card, x) => showCard(card, x, s.market_state === "open"));
  showPerformance(s.outcomes ?? {});
}

// -- performance --------------------------------------------------------------

function verdict(o, interval, constant) {
  if (!interval)
    return ["Too early to tell", `${plural(o.samples, "outcome")} so far: too `
      + "few for an interval around the difference."];
  const over = `Over ${plural(o.samples, "outcome")}`;
  if (o.skill_shown)
    return ["Skill shown", `${over} it was right more often than ${constant}, `
      + "and the whole 95 % interval lies above zero."];
  if (interval[1] < 0)
    return ["No skill shown: worse than a constant", `${over}, answering `
      + `${constant} would have been right more often.`];
  return ["No skill shown", `${over} the 95 % interval of the difference to `
    + `${constant} includes zero: this may be chance.`];
}

function showPerformance(o) {
  const some = o.samples > 0;
  byId("performance").hidden = !some;
  byId("performance-empty").hidden = some;
  showOutcomesEmpty();
  if (!some) return;
  const both = Array.isArray(o.difference_interval)
    && o.difference_interval.length === 2
    && o.difference_interval.every(isNumber);
  const interval = both ? o.difference_interval : null;
  const constant = o.best_constant
    ? `always ${words(o.best_constant)}` : "the best constant answer";
  const [headline, why] = verdict(o, interval, constant);
  say(byId("verdict"), headline);
  say(byId("verdict-why"), why);
  say(byId("rate"), percent(o.success_rate));
  say(byId("constant"), percent(o.best_constant_rate));
  say(byId("constant-name"), o.best_constant
    ? `Best constant answer: ${constant}` : "Best constant answer");
  byId("rate-bar").style.width = `${(o.success_rate || 0) * 100}%`;
  byId("constant-bar").style.width = `${(o.best_constant_rate || 0) * 100}%`;
  say(byId("difference"), `${points(o.difference)} points`);
  say(byId("interval"), interval ? "95 % interval "
    + `${points(interval[0])} to ${points(interval[1])}` : "no interval yet");
  byId("interval-plot").replaceChildren(
    ...(interval ? [intervalPlot(o.difference, interval)] : []));
  const rows = Object.entries(o.by_action ?? {});
  sync(byId("by-action"), rows, ([action]) => action,
    ([action]) => {
      const { glyph, tone, word } = actionOf({ action });
      return make("tr", "", make("td", `act ${tone}`, `${glyph} ${word}`),
        make("td", "n"), make("td", "n"));
    }, (row, [, x]) => {
      say(row.children[1], String(x.count ?? 0));
      say(row.children[2], x.count ? percent(x.success_rate) : "–");
    });
}

function intervalPlot(difference, [a, b]) {
  const low = Math.min(a, 0), high = Math.max(b, 0);
  const pad = (high - low || 0.01) * 0.18;
  const x = (v) =>
    `${(((v - low + pad) / (high - low + 2 * pad)) * 100).toFixed(2)}%`;
  const label = (at, anchor, text) =>
    draw("text", { x: at, y: 45, "text-anchor": anchor }, text);
  return draw("svg", {
    class: "plot", role: "img", "aria-label": "95 % interval of the "
      + `difference: ${points(a)} to ${points(b)} points; zero is no skill`,
  }, draw("line", { class: "axis", x1: 0, x2: "100%", y1: 24, y2: 24 }),
  draw("line", { class: "zero", x1: x(0), x2: x(0), y1: 14, y2: 34 }),
  draw("line", { class: "reach", x1: x(a), x2: x(b), y1: 24, y2: 24 }),
  draw("circle", { class: "point", cx: x(difference), cy: 24, r: 6 }),
  draw("text", { x: x(0), y: 10, "text-anchor": "middle" }, "0"),
  label(0, "start", "← worse"),
  label("100%", "end", "better →"));
}
