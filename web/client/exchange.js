// One question to the server and its answer.

import { backoffSeconds, pause } from "./pause.js";
import { noAnswer } from "./refusal.js";

export const requestSecondsMax = 20;

// The response and the whole text of it; refused with "no-answer" where there is none in time.
export async function exchange(url, how) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), requestSecondsMax * 1000);
  try {
    const response = await fetch(url, { ...how, signal: patience.signal });
    return { response, text: await response.text() };
  } catch {
    throw noAnswer();
  } finally {
    clearTimeout(timer);
  }
}

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Does once what a person has asked for, however often it must be sent until it is answered or the seconds are over.
// `send(headers)` is given the same idempotency key each time.
export async function persist(seconds, send) {
  const headers = { "Idempotency-Key": freshKey() };
  const until = performance.now() + seconds * 1000;
  for (let failures = 1; ; failures += 1) {
    try {
      return await send(headers);
    } catch (trouble) {
      const rest = backoffSeconds(failures, trouble.retryAfterSeconds ?? 0);
      if (!trouble.passing || performance.now() + rest * 1000 > until) throw trouble;
      await pause(rest, { orOnline: true });
    }
  }
}
