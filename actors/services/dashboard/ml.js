// The page of models: what the registry holds and which trainings there were. It
// reads both anew whenever the node says that one of them changed.

const modelColumns = [
  ["model", (x) => x.model_version],
  ["status", (x) => words(x.status)],
  ["kind", (x) => words(x.kind)],
  ["since", (x) => x.changed_at],
  ["why", (x) => x.reason],
];

const trainingColumns = [
  ["asked for", (x) => x.requested_at],
  ["by", (x) => words(x.cause)],
  ["status", (x) => words(x.status)],
  ["progress", (x) => percent(x.progress, 0)],
  ["model", (x) => x.model_version ?? "–"],
  ["promoted", (x) => (x.promoted ? "yes" : "no")],
  ["why", (x) => x.reason ?? ""],
];

// What is said at length breaks its lines; the rest does not.
function row(kind, columns, text) {
  const result = document.createElement("tr");
  for (const column of columns) {
    const cell = document.createElement(kind);
    cell.textContent = text(column);
    if (kind === "td" && column[0] === "why") cell.className = "note";
    result.append(cell);
  }
  return result;
}

function fill(id, columns, rows) {
  byId(id).replaceChildren(
    row("th", columns, ([name]) => name),
    ...rows.map((x) => row("td", columns, ([, text]) => text(x))));
}

async function read(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

async function show() {
  const trouble = byId("trouble");
  try {
    const [models, trainings] = await Promise.all(
      [read("/ml/models"), read("/ml/trainings?limit=20")]);
    byId("champion").textContent = models.champion === null
      ? "No model serves: the rules predict."
      : `${models.champion} serves.`;
    fill("models", modelColumns, models.models);
    fill("trainings", trainingColumns, trainings.trainings);
    trouble.hidden = true;
  } catch (error) {
    trouble.textContent = `The node does not tell: ${error.message}`;
    trouble.hidden = false;
  }
}

const events = new EventSource("/dashboard/api/events");
for (const name of ["open", "training", "model"])
  events.addEventListener(name, show);
show();
