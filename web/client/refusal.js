// What the server refused, in its own words (RFC 9457).

// `slug` is the end of the problem's type. Without an answer it is "no-answer", and `status` is 0.
export class Refusal extends Error {
  constructor(slug, status, problem, retryAfterSeconds = 0) {
    super(problem.detail || problem.title || `The server answered with status ${status}.`);
    this.name = "Refusal";
    this.slug = slug;
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  // Whether the same request may do better later, and need not know when.
  get passing() {
    if (this.slug === "join-later") return false; // Visit.join waits for that moment
    return this.status === 0 || this.status === 429 || (this.status >= 502 && this.status <= 504);
  }
}

export function noAnswer() {
  return new Refusal("no-answer", 0, { detail: "The server does not answer. Is the connection there?" });
}

export function cookiesNeeded() {
  const detail = "This needs cookies: without one nobody can be known again. Allow cookies for this site, then reload.";
  return new Refusal("cookies-needed", 403, { detail });
}

export function refusalOf(response, text) {
  const problem = problemIn(text);
  const slug = String(problem.type ?? "").split("/").pop() || `status-${response.status}`;
  return new Refusal(slug, response.status, problem, secondsOfRetryAfter(response.headers));
}

// A proxy's error page is no problem document, but it is an answer.
function problemIn(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

// A number of seconds or a date (RFC 9110 section 10.2.3).
function secondsOfRetryAfter(headers) {
  const text = headers.get("Retry-After");
  if (text === null) return 0;
  if (/^\d+$/.test(text)) return Number(text);
  return Math.max(0, (Date.parse(text) - Date.parse(headers.get("Date") ?? "")) / 1000) || 0;
}
