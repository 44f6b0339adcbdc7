// Every operation of the documents that a running node serves, with valid and
// invalid input; each answer is checked against the schema that promises it.
//   NODE_JSON=…/run/node.json TOKEN=… node contract.mjs
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ask, raw } from "./ask.mjs";
import { inputs, unreachable } from "./inputs.mjs";

const { addresses } = JSON.parse(readFileSync(process.env.NODE_JSON, "utf8"));
const token = process.env.TOKEN;
const bearer = { authorization: `Bearer ${token}` };
const json = { "content-type": "application/json" };
let checks = 0;
const failures = [];

function expect(holds, what, got) {
  ++checks;
  if (!holds) failures.push(`${what}: ${JSON.stringify(got)}`);
}

// -- one document ---------------------------------------------------------------

class Contract {
  constructor(service, base, document) {
    Object.assign(this, { service, base, document });
    this.ajv = new Ajv2020({ strict: false, allErrors: false });
    addFormats(this.ajv);
    this.ajv.addSchema(document, "doc");
    this.validators = new Map();
    this.exercised = new Set();
  }

  *operations() {
    for (const [path, methods] of Object.entries(this.document.paths))
      for (const [method, operation] of Object.entries(methods))
        yield { path, method: method.toUpperCase(), operation,
                pointer: `#/paths/${escape(path)}/${method}` };
  }

  validate(pointer, value, what) {
    if (!this.validators.has(pointer))
      this.validators.set(pointer, this.ajv.compile({ $ref: `doc${pointer}` }));
    const check = this.validators.get(pointer);
    expect(check(value), `${what}: breaks ${pointer}`, check.errors?.[0]);
  }

  // The answer is one that the document promises, in status, kind and form.
  check(at, answer, what) {
    const { operation } = at;
    const promised = operation.responses[answer.status];
    expect(promised, `${what}: status ${answer.status} is not in the document`,
           answer.text?.slice(0, 200));
    if (!promised) return;
    let pointer = `${at.pointer}/responses/${answer.status}`;
    let response = promised;
    if (promised.$ref) {
      pointer = promised.$ref;
      response = this.document.components.responses[promised.$ref.split("/").pop()];
    }
    const kind = (answer.headers["content-type"] ?? "").split(";")[0];
    if (answer.status === 304 || !response.content) {
      expect(!answer.text, `${what}: a body that is not promised`, answer.text);
      return;
    }
    expect(kind in response.content, `${what}: ${answer.status} as ${kind}`,
           Object.keys(response.content));
    if (kind === "application/json" || kind === "application/problem+json")
      this.validate(`${pointer}/content/${escape(kind)}/schema`,
                    JSON.parse(answer.text), what);
  }
}

const escape = text => text.replaceAll("~", "~0").replaceAll("/", "~1")
  .replaceAll("{", "%7B").replaceAll("}", "%7D").replaceAll("*", "%2A");

// -- one operation --------------------------------------------------------------

function target(at, input, query = {}) {
  const path = at.path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(input.path?.[name] ?? "missing"));
  const text = new URLSearchParams({ ...input.query, ...query }).toString();
  return path + (text ? `?${text}` : "");
}

const secured = at => at.operation.security.length > 0
  && at.operation.security.every(x => Object.keys(x).length > 0);

function call(contract, at, input, { query, headers, body, method } = {}) {
  const sent = body ?? (input.body === undefined ? undefined
                                                 : JSON.stringify(input.body));
  return ask(contract.base, method ?? at.method, target(at, input, query), {
    ...(secured(at) ? bearer : {}),
    ...(sent === undefined ? {} : json),
    ...headers,
  }, sent);
}

async function refused(contract, at, input, how, status, field, what) {
  const answer = await call(contract, at, input, how);
  const name = `${contract.service} ${at.method} ${at.path}: ${what}`;
  expect(answer.status === status, `${name}: ${status} was expected`,
         [answer.status, answer.text?.slice(0, 200)]);
  contract.check(at, answer, name);
  if (field !== undefined && answer.status === status)
    expect(JSON.parse(answer.text).field === field, `${name}: field ${field}`,
           answer.text);
}

async function valid(contract, at, input) {
  const name = `${contract.service} ${at.method} ${at.path}`;
  const answer = await call(contract, at, input);
  const wanted = input.statuses ?? [200];
  expect(wanted.includes(answer.status), `${name}: one of ${wanted}`,
         [answer.status, answer.text?.slice(0, 300)]);
  contract.check(at, answer, name);
  for (const header of ["x-trace-id", "x-request-id", "x-content-type-options"])
    expect(answer.headers[header], `${name}: ${header}`, answer.headers);
  contract.exercised.add(at.pointer);
  if (at.method !== "GET" || answer.stream) return;
  const head = await call(contract, at, input, { method: "HEAD" });
  expect(wanted.includes(head.status) && !head.text, `${name}: HEAD`,
         [head.status, head.text]);
  if (!answer.headers.etag) return;
  const tagged = await call(contract, at, input,
                            { headers: { "if-none-match": answer.headers.etag } });
  // What goes on changing may be another one by now.
  expect(tagged.status === 304 || tagged.headers.etag !== answer.headers.etag,
         `${name}: If-None-Match`, [tagged.status, tagged.headers.etag]);
}

// What breaks a schema of a parameter, as text.
function* wrong(schema) {
  if (schema.type === "integer") {
    yield "some";
    yield "1.5";
    if ("minimum" in schema) yield String(schema.minimum - 1);
    if ("maximum" in schema) yield String(schema.maximum + 1);
  }
  if (schema.enum) yield "none-of-them";
  if (schema.format === "date-time") yield "yesterday";
  if (schema.format === "date") yield "2025-02-30";
  if (schema.maxLength) yield "x".repeat(schema.maxLength + 1);
  if (schema.items?.maxLength) yield "x".repeat(schema.items.maxLength + 1);
}

async function invalidQuery(contract, at, input) {
  await refused(contract, at, input, { query: { unknown: "1" } }, 400, "unknown",
                "an unknown parameter");
  for (const parameter of at.operation.parameters ?? []) {
    const { name, schema } = parameter;
    for (const text of wrong(schema))
      if (parameter.in === "query")
        await refused(contract, at, input, { query: { [name]: text } }, 422, name,
                      `${name}=${text.slice(0, 20)}`);
      else
        await refused(contract, at, { ...input, path: { ...input.path, [name]: text } },
                      {}, 422, name, `{${name}} is ${text.slice(0, 20)}`);
  }
  if (input.query) {
    const [name, value] = Object.entries(input.query)[0];
    const twice = { ...at, path: `${at.path}?${name}=${encodeURIComponent(value)}&${name}=1` };
    await refused(contract, { ...at, path: twice.path }, { path: input.path }, {},
                  400, name, "a parameter given twice");
  }
}

// Bodies that break the schema, each with the field that is to blame.
function* wrongBodies(schema, body) {
  yield [[], ""];
  yield [{ ...body, unknown: 1 }, "unknown"];
  for (const [name, shape] of Object.entries(schema.properties ?? {})) {
    if (schema.required?.includes(name)) {
      const { [name]: _, ...rest } = body;
      yield [rest, name];
    }
    yield [{ ...body, [name]: { not: "this" } }, name];
    if (shape.enum) yield [{ ...body, [name]: "none-of-them" }, name];
    if (shape.maxLength)
      yield [{ ...body, [name]: "x".repeat(shape.maxLength + 1) }, name];
    if (shape.minItems > 0) yield [{ ...body, [name]: [] }, name];
    if (shape.items) yield [{ ...body, [name]: [true] }, `${name}[0]`];
  }
}

async function invalidBody(contract, at, input) {
  const shape = at.operation.requestBody.content["application/json"].schema;
  const body = input.body ?? {};
  const refuse = (how, status, field, what) =>
    refused(contract, at, input, how, status, field, what);
  await refuse({ body: "{" }, 400, undefined, "a body that is no JSON");
  await refuse({ body: "[".repeat(64) + "]".repeat(64) }, 400, undefined,
               "a body that nests too deep");
  await refuse({ body: "{}", headers: { "content-type": "text/plain" } }, 415,
               undefined, "a body of another kind");
  await refuse({ body: JSON.stringify({ x: "y".repeat(1 << 21) }) }, 413,
               undefined, "a body that is too long");
  for (const [wrong, field] of wrongBodies(shape, body))
    await refuse({ body: JSON.stringify(wrong) }, 422, field,
                 `the body ${JSON.stringify(wrong).slice(0, 60)}`);
  if (!at.operation.requestBody.required) return;
  await refuse({ body: "" }, 400, "", "no body");
  const answer = await raw(contract.base, `${at.method} ${target(at, input)} HTTP/1.1\r\n`
    + `Host: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  expect(answer.status === 411, `${at.path}: a body without a length`, answer);
  contract.check(at, answer, `${at.path}: 411`);
}

async function invalid(contract, at, input) {
  await invalidQuery(contract, at, input);
  if (at.operation.requestBody) await invalidBody(contract, at, input);
  const answers = Object.entries(at.operation.responses)
    .filter(([status, x]) => status < 400 && !x.$ref);
  if (answers.every(([, x]) => x.content))
    await refused(contract, at, input, { headers: { accept: "image/png" } }, 406,
                  undefined, "an Accept that fits nothing");
  if (secured(at)) {
    await refused(contract, at, input, { headers: { authorization: "" } }, 401,
                  undefined, "no token");
    await refused(contract, at, input, { headers: { origin: "https://evil.example" } },
                  403, undefined, "a page of another origin");
  }
  await refused(contract, at, input, { headers: { host: "evil.example" } }, 421,
                undefined, "another host");
  await refused(contract, at, input, { query: { unknown: "x".repeat(5000) } }, 414,
                undefined, "a target that is too long");
  await refused(contract, at, input, { headers: { "x-long": "x".repeat(9000) } }, 431,
                undefined, "headers that are too long");
}

async function methods(contract, path, allowed) {
  const at = { path };
  const where = target(at, { path: {} });
  const other = await ask(contract.base, "PATCH", where, bearer);
  expect(other.status === 405, `${path}: PATCH`, other.status);
  const options = await ask(contract.base, "OPTIONS", where, {});
  expect(options.status === 204, `${path}: OPTIONS`, options.status);
  const known = new Set(options.headers.allow.split(", "));
  expect(allowed.every(x => known.has(x.toUpperCase())) && known.has("OPTIONS"),
         `${path}: Allow`, options.headers.allow);
  expect(options.headers.allow === other.headers.allow, `${path}: Allow of the 405`,
         other.headers.allow);
}

// -- all of it ------------------------------------------------------------------

const gateway = `http://${addresses.dashboard}`;

// The first one that the node has made, of each kind.
async function first(path, list) {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const answer = await ask(gateway, "GET", path, {});
    const rows = answer.status === 200 ? JSON.parse(answer.text)[list] : [];
    if (rows.length > 0) return rows[0];
    if (Date.now() > deadline) throw new Error(`the node made no ${list}`);
    await pause(100);
  }
}

const known = {
  prediction: (await first("/predictions?limit=1", "predictions")).prediction_id,
  symbol: (await first("/data/symbols", "symbols")).symbol,
};
await first("/evaluations?limit=1", "outcomes");

for (const [service, address] of Object.entries(addresses)) {
  if (service === "node") continue;
  const base = `http://${address}`;
  const answer = await ask(base, "GET", "/openapi.json", {});
  if (answer.status !== 200) throw new Error(`${service} has no document`);
  writeFileSync(`${process.env.DOCUMENTS}/${service}.json`, answer.text);
  const contract = new Contract(service, base, JSON.parse(answer.text));
  const docs = await ask(base, "GET", "/docs", {});
  for (const at of contract.operations()) {
    const input = inputs(at.method, at.path, known);
    expect(input, `${service}: no input for ${at.method} ${at.path}`);
    expect(docs.text.includes(`id="${at.operation.operationId}"`),
           `${service}: /docs lacks ${at.path}`, at.operation.operationId);
    await invalid(contract, at, input ?? {});
    await valid(contract, at, input ?? {});
  }
  for (const [path, all] of Object.entries(contract.document.paths))
    await methods(contract, path, Object.keys(all));
  const count = [...contract.operations()].length;
  expect(contract.exercised.size === count, `${service}: operations exercised`,
         [contract.exercised.size, count]);
  console.log(`${service}: ${count} operations`);
}
// All pages of a list in both orders: each row once, and the other way round.
async function pages(path, list, key, order) {
  const seen = [];
  for (let cursor = ""; cursor !== null;) {
    const text = new URLSearchParams({ limit: "3", order, ...(cursor && { cursor }) });
    const answer = await ask(gateway, "GET", `${path}${path.includes("?") ? "&" : "?"}${text}`, {});
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
    const page = JSON.parse(answer.text);
    seen.push(...page[list].map(key));
    cursor = page.next_cursor;
  }
  expect(new Set(seen).size === seen.length, `${path} ${order}: rows given twice`, seen);
  return seen;
}

async function orders(path, list, id, key) {
  const newest = await ask(gateway, "GET", `${path}?limit=1`, {});
  // Only what lies before now: the node goes on.
  const end = JSON.parse(newest.text)[list][0];
  const before = `${path}?to=${end.timestamp ?? end.due_at}`;
  const up = await pages(before, list, key, "asc");
  const down = await pages(before, list, key, "desc");
  const isSorted = (x, sign) => x.every((y, i) => i === 0 || sign * (id(y) > id(x[i - 1]) ? 1
    : id(y) < id(x[i - 1]) ? -1 : 0) >= 0);
  expect(up.length > 6, `${path}: rows in pages`, up.length);
  expect(isSorted(up, 1), `${path}: oldest first`, up.slice(0, 9));
  expect(isSorted(down, -1), `${path}: newest first`, down.slice(0, 9));
  const all = new Set(down);
  expect(up.every(x => all.has(x)), `${path}: the same rows`, [up.length, down.length]);
}

await orders("/predictions", "predictions", x => x, x => x.prediction_id);
await orders("/evaluations", "outcomes", x => x.split("-")[0],
             x => `${x.prediction_id}-${x.horizon_minutes}`);
expect(unreachable.length === 0, "inputs that no document asks for", unreachable);

for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${checks} checks, ${failures.length} failed`);
process.exit(failures.length === 0 && checks > 500 ? 0 : 1);
