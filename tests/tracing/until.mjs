// Waiting for something that happens.
import { setTimeout as pause } from "node:timers/promises";

// Looks again and again until there is something, up to a minute.
export async function until(what, look) {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(100);
  }
}
