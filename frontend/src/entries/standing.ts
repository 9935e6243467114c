// Rep, team and initiative pages: printing, and one clip at a time. Everything else on them works without a script.

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
// play does not bubble
document.addEventListener("play", (event) => {
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);
// paper cannot be unfolded; browsers that do not know ::details-content need it open
const folded = new Set<HTMLDetailsElement>();
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll<HTMLDetailsElement>("details.quotes:not([open])")) {
    each.open = true;
    folded.add(each);
  }
});
window.addEventListener("afterprint", () => {
  for (const each of folded) each.open = false;
  folded.clear();
});
