// What pages that recommend know of whoever looks at them, and where they may lead.

const storedVisit = "doorbuster-looks";

// One visit, known by nothing but this number; null where nothing may be kept.
export function visitOf(page) {
  if (page.navigator?.globalPrivacyControl || page.navigator?.doNotTrack === "1") return null;
  try {
    let id = page.sessionStorage.getItem(storedVisit);
    if (!id) {
      const bytes = page.crypto.getRandomValues(new Uint8Array(16));
      id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      page.sessionStorage.setItem(storedVisit, id);
    }
    return id;
  } catch {
    return null;
  }
}

// An address that a page may lead to or show; null for all others, such as javascript:
export function webAddress(text, base) {
  if (!text) return null;
  try {
    const address = new URL(text, base);
    return ["http:", "https:"].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}
