// The page that explains the draw: a script of its own, loaded by the shop's when somebody opens it.

export { DrawPage } from "./draw_page.js";
