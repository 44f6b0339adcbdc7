// A valid input of each operation: `path`, `query`, `body`, and the `statuses` that
// it may have on a node whose state goes on (200 where none are given).
const bars = [{ opened_at: "2024-01-09", open: 11, high: 11.5, low: 10, close: 11.2, volume: 1002 }];

const table = {
  "GET /": () => ({ statuses: [302] }),
  "GET /dashboard": () => ({ statuses: [302] }),
  "GET /predictions": x => ({ query: { symbol: x.symbol, limit: "5", order: "asc",
                                       from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" } }),
  "GET /predictions/latest": x => ({ query: { symbols: x.symbol } }),
  "GET /predictions/{id}": x => ({ path: { id: x.prediction } }),
  "GET /predictions/{id}/explain": x => ({ path: { id: x.prediction } }),
  "POST /predictions/generate": x => ({ body: { symbols: [x.symbol] } }),
  "GET /evaluations": x => ({ query: { symbol: x.symbol, limit: "5", order: "desc" } }),
  "GET /evaluations/metrics": x => ({ query: { days: "30", symbol: x.symbol } }),
  "GET /ml/trainings": () => ({ query: { limit: "5", order: "asc", from: "2000-01-01T00:00:00Z" } }),
  "GET /ml/models": () => ({ query: { limit: "5", order: "asc", to: "2100-01-01T00:00:00Z" } }),
  // No training and no model of these names: the refusal is part of the contract.
  "GET /ml/trainings/{id}": () => ({ path: { id: "none" }, statuses: [404] }),
  "POST /ml/trainings/{id}/cancel": () => ({ path: { id: "none" }, body: {}, statuses: [404, 503] }),
  "GET /ml/models/{version}": () => ({ path: { version: "none" }, statuses: [404] }),
  "POST /ml/models/{version}/promote":
    () => ({ path: { version: "none" }, body: { reason: "a test" }, statuses: [404] }),
  "POST /ml/models/rollback": () => ({ body: { reason: "a test" }, statuses: [200, 409] }),
  "POST /ml/train": () => ({ body: {}, statuses: [202, 409, 503] }),
  "POST /ml/predict": x => ({ body: { symbols: [x.symbol] } }),
  "GET /data/prices/{symbol}": x => ({ path: { symbol: x.symbol },
                                       query: { limit: "5", adjustment: "splits", order: "asc" } }),
  "GET /data/news/{symbol}": x => ({ path: { symbol: x.symbol },
                                     query: { limit: "5", order: "asc",
                                              from: "2000-01-01T00:00:00Z" } }),
  "POST /data/symbols": x => ({ body: { symbol: x.symbol, event: "resumed", reason: "a test" },
                                statuses: [409] }),
  "POST /data/validate": () => ({ body: { symbol: "CBA.AX", interval: "1d", basis: "as-traded", bars,
                                          actions: [] } }),
  "GET /problems/{name}": () => ({ path: { name: "not-found" } }),
  "GET /dashboard/api/predictions": x => ({ query: { symbol: x.symbol, limit: "5" } }),
  "GET /dashboard/api/outcomes": x => ({ query: { symbol: x.symbol, limit: "5" } }),
  "GET /dashboard/api/analysis": () => ({ query: { kind: "morning" } }),
};

// Routes that take nothing, and POSTs without a body.
const plain = [
  "POST /evaluations/process", "GET /data/symbols", "GET /dashboard/",
  "GET /dashboard/ml", "GET /dashboard/ml.js", "GET /dashboard/page.css", "GET /dashboard/page.js",
  "GET /dashboard/api/summary", "GET /dashboard/api/service-levels", "GET /dashboard/api/events",
  "GET /openapi.json", "GET /docs", "GET /problems",
  "GET /docs/page.css", "GET /livez", "GET /readyz", "GET /health", "GET /health/history",
  "GET /metrics", "GET /predictions/health", "GET /evaluations/health", "GET /ml/health",
  "GET /data/health", "GET /dashboard/health",
];

// What was not asked for yet: at the end nothing, or an operation is gone.
export const unreachable = [...Object.keys(table), ...plain];

export function inputs(method, path, known) {
  const name = `${method} ${path}`;
  const at = unreachable.indexOf(name);
  if (at >= 0) unreachable.splice(at, 1);
  if (plain.includes(name)) return {};
  return table[name]?.(known);
}
