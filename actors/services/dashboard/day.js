"use strict";

// What the node wrote before the session and behind it: the morning's and the
// evening's analysis, a few lines each.

/// One line of text a row; the part in front is bold.
function dayRow([lead, text]) {
  return make("li", "", make("b", "", lead), " ", text);
}

function showDay(kind, found, title, rows) {
  const some = found !== null && found !== undefined;
  const lines = some ? rows(found.analysis) : [];
  byId(`${kind}-empty`).hidden = some;
  byId(`${kind}`).hidden = !some;
  say(byId(`${kind}-title`), some
    ? `${title} of ${found.analysis.session.date}` : title);
  const failed = found?.newer;
  const note = failed && failed.status !== "owed"
    ? `A later one, due at ${shortTime(failed.due_at)}, was ${failed.status}`
      + (failed.reason ? `: ${failed.reason}` : "") : "";
  byId(`${kind}-note`).hidden = note === "";
  say(byId(`${kind}-note`), note);
  sync(byId(kind), lines, (row) => row.join("|"), dayRow);
}

function morningRows(m) {
  const market = m.market.flagged ? "no usable index data"
    : `index ${change(m.market.trend_return, 1)} over five sessions`;
  const rows = [["Market", `${words(m.market.trend).toLowerCase()}, ${market}`]];
  for (const { symbol, reasons } of m.watch)
    rows.push([symbol, reasons.map((r) => r.text).join("; ")]);
  if (m.watch.length === 0) rows.push(["Watch", "nothing stands out"]);
  return rows;
}

const counted = (x) => Object.entries(x)
  .map(([name, n]) => `${words(name)} ${n}`).join(", ");
const bracketed = (x) => (counted(x) ? ` (${counted(x)})` : "");

function outcomeText(o) {
  if (!isNumber(o.success_rate)) return `${o.finished} final, none to judge`;
  return `${percent(o.success_rate)} of ${o.samples} right, `
    + `always ${o.best_constant} ${percent(o.best_constant_rate)}`;
}

function extremeText(list) {
  return list.map((o) => `${o.symbol} ${o.action} ${change(o.actual_return)}`)
    .join(", ");
}

function trainingText(t) {
  if (!t) return "none yet";
  const made = t.model_version
    ? `, ${t.model_version}${t.promoted ? " promoted" : " not promoted"}` : "";
  return `${t.status}${made}${t.reason ? `: ${t.reason}` : ""}`;
}

function eveningRows(e) {
  const rows = [
    ["Cycles", `${e.cycles.completed} in time, ${e.cycles.late} late, `
      + `${e.cycles.missed} missed`],
    ["Predictions", `${e.predictions.made}${bracketed(e.predictions.by_action)}`
      + `, ${plural(e.predictions.abstained, "abstention")}`],
    ["Outcomes", outcomeText(e.outcomes)],
  ];
  if (e.hits.length > 0) rows.push(["Hits", extremeText(e.hits)]);
  if (e.misses.length > 0) rows.push(["Misses", extremeText(e.misses)]);
  rows.push(
    ["Data", `${plural(e.data.bars, "bar")}, ${e.data.quarantined} refused, `
      + `${e.data.repaired} repaired`],
    ["Model", e.model ? e.model.model_version : "none: the rules predict"],
    ["Training", trainingText(e.training)],
    ["Restarts", String(e.supervision.restarts)]);
  return rows;
}

function showAnalysis(answer) {
  showDay("morning", answer.morning, "Morning", morningRows);
  showDay("evening", answer.evening, "Evening", eveningRows);
}
