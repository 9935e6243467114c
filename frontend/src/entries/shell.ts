// What every page has: htmx, colours, toasts, keyboard help, times in the reader's zone. Knows no screen.

import htmx from "htmx.org";
import { keys, shown } from "../keys";
import { localTimes } from "../times";
import { type Said, say, undoLatest } from "../toasts";

const YEAR = 31_536_000;

function dark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme(): void {
  const theme = dark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `callcoach-theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  document.dispatchEvent(new CustomEvent("callcoach:theme", { detail: theme }));
}

for (const form of document.querySelectorAll<HTMLFormElement>("[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    toggleTheme();
  });
}

// menus close when the focus or a click goes elsewhere
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
function closeMenus(target: EventTarget | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    if (target instanceof Node && !menu.contains(target)) menu.open = false;
  }
}
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// shortcuts: the list, the switch, going to a screen
const help = document.getElementById("help") as HTMLDialogElement | null;
function openHelp(): void {
  if (!help) return;
  const place = help.querySelector("[data-keys]");
  place?.replaceChildren(...[...keys.listed()].flatMap(([scope, shortcuts]) => {
    const title = document.createElement("h3");
    title.textContent = scope;
    const list = document.createElement("dl");
    list.className = "key-list";
    for (const shortcut of shortcuts) {
      const name = document.createElement("dt");
      for (const part of shown(shortcut.key)) {
        const key = document.createElement("kbd");
        key.textContent = part;
        name.append(key, " ");
      }
      const label = document.createElement("dd");
      label.textContent = shortcut.label;
      list.append(name, label);
    }
    return [title, list];
  }));
  help.showModal();
}
// on the account page itself nothing is loaded that would close it
help?.querySelector("a")?.addEventListener("click", () => help.close());
for (const button of document.querySelectorAll<HTMLElement>("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", openHelp);
}
keys.act("help", () => (help?.open ? help.close() : openHelp()));
keys.on("Ctrl+z", "Undo what was just done", () => void undoLatest(), { when: () => document.querySelector(".toast .button") !== null });
for (const link of document.querySelectorAll<HTMLAnchorElement>(".nav a[data-go]")) {
  const id = `go ${link.getAttribute("href")}`;
  keys.define(id, { key: `g ${link.dataset.go}`, label: `Go to ${link.textContent?.trim()}`, scope: "Go to", place: "everywhere" });
  keys.act(id, () => link.click());
}
/** Hints on buttons name the keys as they are now. */
function showHints(within: ParentNode): void {
  for (const hint of within.querySelectorAll<HTMLElement>("kbd[data-key-of]")) {
    hint.textContent = shown(keys.keyOf(hint.dataset.keyOf ?? "")).join(" ");
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-help]")) {
    button.title = `Keyboard shortcuts (${shown(keys.keyOf("help")).join(" ")})`;
  }
}
function showSwitches(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-keys-on]")) {
    box.checked = keys.enabled;
    box.disabled = false;
  }
}
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.matches("[data-keys-on]")) keys.enabled = event.target.checked;
});
document.addEventListener("callcoach:keys", () => {
  showSwitches();
  showHints(document);
});
showSwitches();
showHints(document);

// what the server says, and what goes wrong on the way
document.addEventListener("callcoach:toast", (event) => say((event as CustomEvent<Said>).detail));
document.addEventListener("htmx:responseError", (event) => {
  const answer = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
  say({ sentence: answer.responseText.slice(0, 400) || "The server did not do this. Try again.", kind: "bad" });
});
document.addEventListener("htmx:sendError", () => say({ sentence: "The server cannot be reached. Nothing was changed; try again.", kind: "bad" }));
document.addEventListener("htmx:afterSwap", (event) => {
  localTimes(event.target instanceof Element ? event.target : document);
  showHints(document);
});

localTimes();
document.documentElement.dataset.ready = "shell";
(window as unknown as { htmx: typeof htmx }).htmx = htmx;
