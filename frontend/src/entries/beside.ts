// The way through the review queue from a call, by keyboard. The links come from the server.

import { keys } from "../keys";

function follow(which: string): void {
  document.querySelector<HTMLAnchorElement>(`.beside-place a[data-${which}]`)?.click();
}

keys.act("beside.next", () => follow("after"));
keys.act("beside.before", () => follow("before"));
keys.act("beside.back", () => {
  const back = document.querySelector<HTMLAnchorElement>(".beside-place a[data-queue-back]");
  (back ?? document.querySelector<HTMLAnchorElement>(".beside-place a"))?.click();
});
document.documentElement.dataset.beside = "ready";
