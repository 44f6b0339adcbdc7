// Opens the dashboard of a running demo node in Chromium, as a person would,
// and follows it until predictions and outcomes have arrived by themselves.
//
//   BASE_URL    where the node's dashboard listens (http://127.0.0.1:8080)
//   SCREENSHOT  a path for a picture of the page at the end (none)
//   CHROMIUM    the browser's program (/usr/bin/chromium)
//   SYMBOLS     how many symbol cards to expect (7)
//
// Prints one line a check; exits 0 when all hold, 1 otherwise.

import { chromium } from "playwright-core";

const base = (process.env.BASE_URL ?? "http://127.0.0.1:8080")
  .replace(/\/+$/, "");
const symbols = Number(process.env.SYMBOLS ?? 7);
const deadline = Date.now() + 90_000;

/// What is left of the 90 s that all waiting shares.
const remaining = () => ({ timeout: Math.max(1, deadline - Date.now()) });

const problems = [];
let page;

/// Waits until `holds` is true in the page; names the check if it never is.
async function until(name, holds, argument) {
  try {
    await page.waitForFunction(holds, argument, remaining());
  } catch (error) {
    const text = await page.locator("body").innerText().catch(() => "");
    throw new Error(`${name}: ${error.message.split("\n")[0]}\n`
      + `the page said:\n${text.slice(0, 2000)}`);
  }
  console.log(`ok ${name}`);
}

function check(name, holds, found) {
  if (!holds) throw new Error(`${name}: found ${JSON.stringify(found)}`);
  console.log(`ok ${name}`);
}

const textOf = (selector) => page.locator(selector).innerText();

async function follow() {
  const answer = await page.goto(`${base}/`, remaining());
  check("/ leads to /dashboard/", new URL(page.url()).pathname
    === "/dashboard/" && answer.status() === 200,
    [page.url(), answer.status()]);
  await until("the page connects to the live events",
    () => document.body.dataset.connection === "live");
  await until(`${symbols} symbol cards show an action`, (count) => {
    const cards = [...document.querySelectorAll("#symbols .card")];
    const known = ["BUY", "SELL", "HOLD", "ABSTAINED"];
    return cards.length === count && cards.every((card) =>
      known.includes(card.dataset.action)
      && card.querySelector(".action").innerText.includes(card.dataset.action));
  }, symbols);
  await until("a prediction is listed",
    () => document.querySelectorAll("#predictions tr").length > 0);
  const before = await page.locator("#market-time").getAttribute("datetime");
  await until("market time moves on by itself", (was) =>
    document.getElementById("market-time").dateTime > was, before);
  await until("an outcome is listed",
    () => document.querySelectorAll("#outcomes tr").length > 0);
  await until("the success rate stands beside the best constant answer", () => {
    const rate = /^\d+\.\d\s%$/;
    return ["rate", "constant"].every((id) =>
      rate.test(document.getElementById(id).innerText.trim()))
      && document.getElementById("verdict").innerText !== "";
  });
  await until("the morning and the evening are told", () =>
    ["morning", "evening"].every((kind) =>
      document.querySelectorAll(`#${kind} li`).length > 1
      && / of \d{4}-\d\d-\d\d$/.test(
        document.getElementById(`${kind}-title`).innerText)));
  await until("each service level has a line with its state", () => {
    const rows = [...document.querySelectorAll("#levels tr")];
    return rows.length === 10 && rows.every((row) =>
      /met|at risk|missed|no data/.test(row.children[1].innerText));
  });
  const health = await textOf("#health-pill");
  check("the health is shown in words",
    /Healthy|Degraded|Unhealthy/.test(health), health);
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth);
  check("a phone's width needs no sideways scrolling", overflow <= 0, overflow);
  await page.setViewportSize({ width: 1400, height: 1000 });
  check("the console shows no error", problems.length === 0, problems);
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync"],
});
try {
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.on("console", (message) => {
    if (message.type() === "error")
      problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(error.message));
  await follow();
} catch (error) {
  console.error(`not ok ${error.message}`);
  if (problems.length > 0) console.error("console:", problems.join("\n"));
  process.exitCode = 1;
} finally {
  if (process.env.SCREENSHOT && page)
    await page.screenshot({ path: process.env.SCREENSHOT, fullPage: true })
      .catch((error) => {
        console.error(`no screenshot: ${error.message}`);
        process.exitCode = 1;
      });
  await browser.close();
}
