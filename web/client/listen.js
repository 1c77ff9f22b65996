// A stream of what happens to an entry, and the doubt whether it arrives: proxies and virus scanners that wait for the
// end of every answer keep back one that does not end, and say nothing.

import { heldBack } from "./stopped.js";

const firstPieceSecondsMax = 2.5; // the server tells at once how things stand
const quietSecondsMax = 4; // then a look shows whether anything was kept back
const lateSecondsMax = 2; // after which the stream has told, too, what a look has shown
const silenceSecondsMax = 40; // the server says something every 15 s

// Listens until the stream ends, `signal` aborts, or tell() wants no more; resolves with whether the stream can be
// trusted. `open(signal)` gives the response, `tell(data)` is told of each piece and says whether that was enough,
// `look()` asks the server by itself and resolves with whether anything has changed.
export async function listen(open, signal, { tell, look }) {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  const giveUp = () => ending.abort(heldBack);
  let heardAt = performance.now();
  let timer;
  const after = (seconds, then) => {
    clearTimeout(timer);
    timer = setTimeout(then, seconds * 1000);
  };
  const check = async () => {
    const before = heardAt;
    if (performance.now() - heardAt > silenceSecondsMax * 1000) return end();
    const changed = await look().catch(end); // whoever follows meets the same trouble, and sees to it
    if (heardAt !== before || ending.signal.aborted) return;
    if (changed) after(lateSecondsMax, giveUp);
    else after(quietSecondsMax, check);
  };
  signal.addEventListener("abort", end);
  globalThis.addEventListener?.("offline", end);
  after(firstPieceSecondsMax, giveUp);
  try {
    const response = await open(ending.signal);
    for await (const data of pieces(response)) {
      heardAt = performance.now();
      after(quietSecondsMax, check);
      if (data && tell(data)) break;
    }
  } catch (trouble) {
    if (ending.signal.reason !== heldBack) throw trouble;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    globalThis.removeEventListener?.("offline", end);
    end();
  }
  return ending.signal.reason !== heldBack;
}

// Server-sent events (WHATWG HTML section 9.2), as far as our server sends them: one line of data each. Null stands for
// anything else that arrives. Ends where the stream is cut off.
async function* pieces(response) {
  if (!response.body) return; // 204: nothing will change any more
  const decoder = new TextDecoder();
  let text = "";
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    const complete = (text + decoder.decode(value, { stream: true })).split("\n\n");
    text = complete.pop();
    yield null;
    for (const piece of complete) {
      const data = piece.split("\n").find((line) => line.startsWith("data:"));
      if (data) yield JSON.parse(data.slice(5));
    }
  }
}
