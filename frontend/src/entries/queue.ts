// The review queue by keyboard: which row one is at, which are selected; both stand in the address, so that going back finds them.

import htmx from "htmx.org";
import { keys } from "../keys";
import { localTimes } from "../times";
import { undoLatest } from "../toasts";

const SCOPE = { scope: "Review queue" };
const place = document.querySelector<HTMLElement>("[data-queue]");

function rows(): HTMLElement[] {
  return [...(place?.querySelectorAll<HTMLElement>("[data-key]") ?? [])];
}

function link(row: HTMLElement | undefined): HTMLAnchorElement | null {
  return row?.querySelector<HTMLAnchorElement>(".queued-link") ?? null;
}

/** The row that has the focus, or had it last. */
function current(): HTMLElement | undefined {
  const focused = document.activeElement?.closest<HTMLElement>("[data-key]");
  return focused ?? rows().find((row) => row.hasAttribute("data-at"));
}

function boxes(): HTMLInputElement[] {
  return [...(place?.querySelectorAll<HTMLInputElement>(".tick input") ?? [])];
}

/** Put the row and the selection into the address, without a new entry in the history. */
function remember(): void {
  const address = new URL(location.href);
  for (const name of ["at", "pick", "batch", "done"]) address.searchParams.delete(name);
  const at = rows().find((row) => row.hasAttribute("data-at"))?.dataset.key;
  if (at) address.searchParams.set("at", at);
  for (const box of boxes()) if (box.checked) address.searchParams.append("pick", box.value);
  history.replaceState(history.state, "", address);
}

function go(step: number): void {
  const all = rows();
  if (!all.length) return;
  const here = current();
  const next = here ? Math.min(Math.max(all.indexOf(here) + step, 0), all.length - 1) : 0;
  link(all[next])?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

function showSelection(): void {
  const bar = place?.querySelector<HTMLElement>("[data-bulk-bar]");
  if (!bar) return;
  const chosen = boxes().filter((box) => box.checked).length;
  bar.classList.toggle("some", chosen > 0);
  const told = bar.querySelector("[data-n]");
  if (told) told.textContent = chosen ? `${chosen} selected` : "Select calls that need no ear, then say why.";
  const all = bar.querySelector<HTMLElement>("[data-all]");
  const box = all?.querySelector("input");
  if (all && box) {
    all.hidden = false;
    box.checked = chosen > 0 && chosen === boxes().length;
    box.indeterminate = chosen > 0 && chosen < boxes().length;
  }
}

function toggle(row: HTMLElement | undefined): void {
  const box = row?.querySelector<HTMLInputElement>(".tick input");
  if (!box) return;
  box.checked = !box.checked;
  showSelection();
  remember();
}

function page(way: "next" | "prev"): void {
  document.querySelector<HTMLAnchorElement>(`.paging a[rel=${way}]`)?.click();
}

let asked = 0;
let turn: Promise<void> = Promise.resolve();

/** One question after the other: of two at once htmx calls the second answered before it was asked. */
function inTurn(ask: () => Promise<void>): void {
  turn = turn.then(ask).catch(() => undefined); // what went wrong is told where all answers pass
}

/** Show the part of the queue at an address; push: as a new entry in the history. then: where the focus goes once it stands. */
function show(address: string, push: boolean, then: () => void): void {
  const told = new URL(address, location.href);
  const mine = ++asked;
  if (push) history.pushState({}, "", told);
  inTurn(async () => {
    if (mine !== asked) return;
    await htmx.ajax("get", told.pathname + told.search, { target: "#queue", swap: "innerHTML" });
    if (mine !== asked) return;
    ready();
    then();
  });
}

function ready(): void {
  if (!place) return;
  localTimes(place);
  for (const button of place.querySelectorAll<HTMLElement>("[data-needless]")) button.hidden = true;
  for (const box of place.querySelectorAll<HTMLInputElement>("[data-bulk] input[name=because]")) box.required = false;
  showSelection();
}

document.addEventListener("focusin", (event) => {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-key]") : null;
  if (!row) return;
  for (const other of rows()) other.toggleAttribute("data-at", other === row);
  remember();
});

document.addEventListener("change", (event) => {
  const target = event.target;
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const filters = target.closest<HTMLFormElement>("[data-filters]");
  if (filters) {
    const wanted = new URLSearchParams();
    for (const [name, value] of new FormData(filters)) if (typeof value === "string" && value) wanted.set(name, value);
    const focused = target.name;
    const value = target.value;
    show(`/queue?${wanted}`, true, () => {
      const again = [...(place?.querySelectorAll<HTMLElement>(`[data-filters] [name="${focused}"]`) ?? [])];
      (again.find((one) => one instanceof HTMLInputElement && one.type === "radio" && one.value === value) ?? again[0])?.focus();
    });
  } else if (target.closest("[data-all]") && target instanceof HTMLInputElement) {
    for (const box of boxes()) box.checked = target.checked;
    showSelection();
    remember();
  } else if (target.closest(".tick")) {
    showSelection();
    remember();
  }
});

document.addEventListener("click", (event) => {
  const part = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#queue a[data-part], #queue .paging a") : null;
  if (!part || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const paging = part.closest(".paging") !== null;
  show(part.href, true, () => {
    if (paging) {
      scrollTo({ top: 0 });
      link(rows()[0])?.focus();
    } else {
      place?.querySelector<HTMLElement>(".tabs [aria-current]")?.focus();
    }
  });
});

// dismissing and putting back: what is next stays under the focus
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-bulk]")) return;
  event.preventDefault();
  const button = event.submitter;
  const single = button instanceof HTMLButtonElement && button.hasAttribute("data-back");
  const reason = form.querySelector<HTMLInputElement>("input[name=because]");
  if (!single && !boxes().some((box) => box.checked)) {
    const box = current()?.querySelector<HTMLInputElement>(".tick input") ?? boxes()[0];
    box?.focus();
    document.dispatchEvent(new CustomEvent("callcoach:toast", { detail: { sentence: "Select at least one call first: X, or its box.", kind: "bad" } }));
    return;
  }
  if (!single && !reason?.value.trim()) {
    reason?.focus();
    document.dispatchEvent(new CustomEvent("callcoach:toast", { detail: { sentence: "Say why they need no ear, then dismiss.", kind: "bad" } }));
    return;
  }
  const at = rows().findIndex((row) => row.hasAttribute("data-at"));
  const address = single && button instanceof HTMLButtonElement ? button.formAction : form.action;
  const values: Record<string, string | string[]> = single
    ? {}
    : { because: reason?.value ?? "", pick: boxes().filter((box) => box.checked).map((box) => box.value) };
  const told = new URL(address, location.href);
  inTurn(async () => {
    await htmx.ajax("post", told.pathname + told.search, { target: "#queue", swap: "innerHTML", values });
    ready();
    link(rows()[Math.min(Math.max(at, 0), rows().length - 1)])?.focus();
    remember();
  });
});

document.addEventListener("callcoach:undone", (event) => {
  if (String((event as CustomEvent).detail).startsWith("/queue/")) show(location.href, false, () => undefined);
});

window.addEventListener("popstate", () => show(location.href, false, () => link(rows().find((row) => row.hasAttribute("data-at")))?.focus()));

if (place) {
  const some = (): boolean => rows().length > 0;
  keys.act("queue.next", () => go(1), { when: some });
  keys.on("ArrowDown", "Next call", () => go(1), { ...SCOPE, when: some });
  keys.act("queue.before", () => go(-1), { when: some });
  keys.on("ArrowUp", "Call before", () => go(-1), { ...SCOPE, when: some });
  keys.on("Enter", "Open the call", () => link(current())?.click(), { ...SCOPE, when: () => current() !== undefined });
  keys.act("queue.select", () => toggle(current()), { when: () => current() !== undefined });
  keys.act("queue.dismiss", () => {
    if (!boxes().some((box) => box.checked)) toggle(current());
    place.querySelector<HTMLInputElement>("[data-bulk] input[name=because]")?.focus();
  }, { when: () => boxes().length > 0 });
  keys.act("queue.undo", () => void undoLatest(), { when: () => document.querySelector(".toast .button") !== null });
  keys.act("queue.page.next", () => page("next"));
  keys.act("queue.page.before", () => page("prev"));
  keys.act("queue.filters", () => place.querySelector<HTMLElement>("[data-filters] input:checked")?.focus());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLInputElement && event.target.name === "because") link(current() ?? rows()[0])?.focus();
  });
  ready();
  link(rows().find((row) => row.hasAttribute("data-at")))?.focus();
  document.documentElement.dataset.queue = "ready";
}
