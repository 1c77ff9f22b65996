// How long to wait, and waiting.

const backoffSecondsMax = 15;

// Never earlier than asked for, and not all at the same moment.
export function withJitter(seconds) {
  return seconds * (1 + Math.random() / 10);
}

// After the first failure half a second at most, twice as long after each further one; never less than the server
// wants.
export function backoffSeconds(failures, retryAfterSeconds) {
  const own = Math.min(backoffSecondsMax, 2 ** failures / 4) * (0.5 + Math.random() / 2);
  return Math.max(own, withJitter(retryAfterSeconds));
}

// Until the time has come; at once if the signal aborts or, if asked for, the network comes back. A page that was
// asleep, with its timers, is late and wakes when it is looked at.
export function pause(seconds, { signal, orOnline = false } = {}) {
  const dueAt = performance.now() + seconds * 1000;
  return new Promise((resolve) => {
    const events = [];
    const timer = setTimeout(finish, seconds * 1000);
    function finish() {
      clearTimeout(timer);
      for (const [target, name, listener] of events) target.removeEventListener(name, listener);
      resolve();
    }
    function wakeOn(target, name, listener = finish) {
      target?.addEventListener?.(name, listener);
      if (target?.addEventListener) events.push([target, name, listener]);
    }
    if (signal?.aborted) return finish();
    wakeOn(signal, "abort");
    if (orOnline) wakeOn(globalThis, "online");
    wakeOn(globalThis.document, "visibilitychange", () => performance.now() >= dueAt && finish());
  });
}
