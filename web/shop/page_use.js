// How this page is used, told with what takes something: the guard's score counts a page that nobody touches for a
// program's (docs/guard.md). Counts and one time, nothing of what was written or where the pointer was.

const used = { presses: 0, moves: 0, keys: 0, touches: 0, focus: document.hasFocus() ? 1 : 0 };
let firstMs = null; // milliseconds from the page's begin to the first action

function counting(name, isAction = true) {
  return (event) => {
    if (!event.isTrusted) return; // a script's
    used[name] += 1;
    if (isAction) firstMs ??= Math.round(performance.now());
  };
}

const passive = { capture: true, passive: true };
addEventListener("click", counting("presses"), passive); // whatever it was pressed by
addEventListener("pointermove", counting("moves"), passive);
addEventListener("keydown", counting("keys"), passive);
addEventListener("touchstart", counting("touches"), passive);
addEventListener("focus", counting("focus", false));

export function pageUse() {
  const told = Object.entries({ first: firstMs ?? Math.round(performance.now()), ...used });
  return told.map(([name, number]) => `${name}=${number}`).join(",");
}
