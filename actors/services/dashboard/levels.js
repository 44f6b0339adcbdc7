"use strict";

// The service levels: a line each, with what was promised beside what was kept.

const LEVEL_GLYPHS = {
  met: ["✓", "up"], at_risk: ["!", "note"], missed: ["✕", "down"],
  no_data: ["–", ""],
};

function levelValue(x, unit) {
  if (!isNumber(x)) return "–";
  if (unit === "share") return percent(x, 2);
  if (unit === "bytes") return `${(x / 2 ** 20).toFixed(0)} MiB`;
  if (unit === "seconds")
    return x < 1 ? `${(x * 1000).toFixed(1)} ms` : spell(x * 1000);
  return String(x);
}

function promiseOf(x) {
  if (x.rule === "none_bad") return x.unit === "cycles" ? "none" : "all";
  const sign = x.rule === "at_least" ? "≥" : "<";
  return `${sign} ${levelValue(x.target, x.unit)}`;
}

function levelRow(x) {
  const row = make("tr", "", make("td", "", words(x.level)), make("td"),
    make("td", "n"), make("td", "n", promiseOf(x)), make("td", "n"),
    make("td", "wide", `${spell(x.window_seconds * 1000)}, ${x.clock} time`));
  row.title = x.meaning;
  return row;
}

function showLevel(row, x) {
  const [glyph, tone] = LEVEL_GLYPHS[x.state] ?? ["", ""];
  row.children[1].className = tone;
  say(row.children[1], `${glyph} ${words(x.state)}`);
  const constant = x.best_constant
    ? ` (always ${x.best_constant.answer} ${percent(x.best_constant.rate, 1)})`
    : "";
  say(row.children[2], levelValue(x.value, x.unit) + constant);
  say(row.children[4], percent(x.budget_left, 0));
}

function showLevels(answer) {
  const levels = answer.levels ?? [];
  byId("levels-empty").hidden = levels.length > 0;
  byId("levels-table").hidden = levels.length === 0;
  say(byId("levels-empty"), "Nothing is promised.");
  sync(byId("levels"), levels, (x) => x.level, levelRow, showLevel);
}
