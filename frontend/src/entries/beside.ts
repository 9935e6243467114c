// The way through the review queue from a call, by keyboard. The links come from the server.

import { keys } from "../keys";

function follow(which: string): void {
  document.querySelector<HTMLAnchorElement>(`.beside-place a[data-${which}]`)?.click();
}

const scope = { scope: "Review queue" };
keys.on("q n", "Next call of the queue", () => follow("after"), scope);
keys.on("q p", "Call before in the queue", () => follow("before"), scope);
keys.on("q q", "Back to the queue", () => {
  const back = document.querySelector<HTMLAnchorElement>(".beside-place a[data-queue-back]");
  (back ?? document.querySelector<HTMLAnchorElement>(".beside-place a"))?.click();
}, scope);
document.documentElement.dataset.beside = "ready";
