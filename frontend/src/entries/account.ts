// Choose other keys on the account page: every action by screen, its key now, another one by pressing it. Knows nothing of what they do.

import type { Action, Place } from "../actions";
import { keys, named, shown } from "../keys";
import { say } from "../toasts";

const TITLE: Record<Place, string> = { everywhere: "Everywhere", call: "Call", queue: "Review queue", calibration: "Calibration", workbench: "Workbench" };
const WHERE: Record<Place, string> = {
  everywhere: "everywhere",
  call: "on a call",
  queue: "in the review queue",
  calibration: "in calibration",
  workbench: "in the workbench",
};
/** The screen to which a place belongs: its shortcuts are listed for those who may open it. */
const SCREEN: Record<Place, string | null> = { everywhere: null, call: "/queue", queue: "/queue", calibration: "/calibration", workbench: "/workbench" };
/** What browsers, or fields, do with Ctrl and these. */
const BROWSERS_OWN = new Set("acdefhjlnopqrstuvwxyz0123456789+-=".split("").map((key) => `Ctrl+${key}`));

const section = document.querySelector<HTMLElement>("[data-keys-page]");
const list = section?.querySelector<HTMLElement>("[data-keys-list]");
const reset = section?.querySelector<HTMLButtonElement>("[data-keys-reset]");
const choice = section?.querySelector<HTMLElement>("[data-keys-choice]");
if (section && choice && list && reset) {
  choice.hidden = false;
  build(list);
  showReset();
  document.addEventListener("callcoach:keys", () => {
    for (const row of list.querySelectorAll<HTMLElement>("[data-action]")) showRow(row);
    showReset();
  });
  reset.addEventListener("click", () => {
    const before = keys.chosen;
    keys.chosen = {};
    section.querySelector<HTMLElement>("h2")?.focus();
    say({ sentence: "Every key is again as it came.", undo: () => (keys.chosen = before) });
  });
  if (location.hash === "#keys") section.scrollIntoView();
}

function showReset(): void {
  if (reset) reset.hidden = ![...keys.actions.keys()].some((id) => keys.chosen[id] !== undefined);
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, className = "", text = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function button(text: string, label: string, className = ""): HTMLButtonElement {
  const made = element("button", `button small ${className}`, text);
  made.type = "button";
  made.append(element("span", "hide", ` ${label}`));
  return made;
}

function kbds(key: string): Node[] {
  return shown(key).flatMap((part) => [element("kbd", "", part), document.createTextNode(" ")]);
}

/** The keys in words: “G, then T”. */
function spoken(key: string): string {
  return shown(key).join(", then ");
}

function build(list: HTMLElement): void {
  const groups = new Map<string, [string, Action][]>();
  for (const [id, action] of keys.actions) {
    const screen = SCREEN[action.place];
    if (screen !== null && !document.querySelector(`.nav a[href="${screen}"]`)) continue;
    const screenTitle = TITLE[action.place];
    const title = action.place === "everywhere" || action.scope === screenTitle ? screenTitle : `${screenTitle}: ${action.scope.toLowerCase()}`;
    groups.set(title, [...(groups.get(title) ?? []), [id, action]]);
  }
  list.replaceChildren(...[...groups].map(([title, rows], place) => {
    const group = element("details", "keys-group");
    group.open = place === 0;
    const summary = element("summary", "", title);
    const n = element("span", "muted small", ` ${rows.length}`);
    n.append(element("span", "hide", " shortcuts"));
    summary.append(n);
    const found = element("ul", "plain-list lines");
    found.append(...rows.map(([id, action]) => {
      const row = element("li", "key-row");
      row.dataset.action = id;
      row.append(element("span", "grow", action.label), element("span", "key-now"));
      showRow(row);
      return row;
    }));
    group.append(summary, found);
    return group;
  }));
}

/** A row at rest: its key now, a button to change it, and one to have its own back. */
function showRow(row: HTMLElement): void {
  const id = row.dataset.action ?? "";
  const action = keys.actions.get(id);
  const place = row.querySelector<HTMLElement>(".key-now");
  if (!action || !place || row.dataset.catching !== undefined) return;
  const change = button("Change", `the key of “${action.label}”`);
  change.addEventListener("click", () => startCatching(row, id, action));
  const parts: Node[] = [...kbds(keys.keyOf(id)), change];
  if (keys.keyOf(id) !== action.key) {
    const back = button(`Back to ${spoken(action.key)}`, `for “${action.label}”`, "quiet");
    back.addEventListener("click", () => {
      const problem = trouble(id, action.key);
      if (problem) return complain(row, problem);
      keys.choose(id, null);
      settle(row, `“${action.label}” is ${spoken(action.key)} again.`);
    });
    parts.unshift(back);
  }
  place.replaceChildren(...parts);
}

/** Why a key cannot be taken; empty where it can. */
function trouble(id: string, key: string): string {
  if (key.split(" ").some((part) => BROWSERS_OWN.has(part))) return `${spoken(key)} belongs to the browser. Take another key.`;
  const taken = keys.taken(id, key);
  if (!taken) return "";
  const [other, action] = taken;
  const how = keys.keyOf(other) === key ? `is “${action.label}”` : `goes with ${spoken(keys.keyOf(other))}, “${action.label}”,`;
  return `${spoken(key)} ${how} ${WHERE[action.place]} already. Take another key, or give that one another first.`;
}

function complain(row: HTMLElement, sentence: string): void {
  const said = row.querySelector<HTMLElement>(".key-problem") ?? element("p", "key-problem small");
  said.setAttribute("role", "alert");
  said.id = "key-problem";
  said.textContent = sentence;
  row.append(said);
}

function settle(row: HTMLElement, sentence: string): void {
  delete row.dataset.catching;
  for (const said of row.querySelectorAll(".key-how, .key-problem")) said.remove();
  showRow(row);
  row.querySelector<HTMLElement>(".key-now .button:last-child")?.focus();
  if (sentence) say({ sentence });
}

function startCatching(row: HTMLElement, id: string, action: Action): void {
  for (const other of list?.querySelectorAll<HTMLElement>("[data-catching]") ?? []) settle(other, "");
  const place = row.querySelector<HTMLElement>(".key-now");
  if (!place) return;
  row.dataset.catching = "";
  row.querySelector(".key-problem")?.remove();
  const two = action.key.includes(" ");
  let caught: string[] = [];
  const field = element("input", "key-field");
  field.readOnly = true;
  field.placeholder = two ? "Press two keys" : "Press a key";
  field.setAttribute("aria-label", `New key of “${action.label}”`);
  field.setAttribute("aria-describedby", "key-how");
  const how = element("p", "key-how muted small", `${two ? "Two keys, one after the other, or one with Ctrl or Alt." : "A letter, digit or sign, alone or with Ctrl or Alt."} Enter keeps it, Escape leaves it as it was.`);
  how.id = "key-how";
  const keep = button("Keep", `it as the key of “${action.label}”`, "primary");
  const leave = button("Leave", `the key of “${action.label}” as it was`);

  const show = (): void => {
    field.value = caught.length ? spoken(caught.join(" ")) : "";
    keep.disabled = caught.length === 0;
    row.querySelector(".key-problem")?.remove();
  };
  const finish = (): void => {
    const key = caught.join(" ");
    if (!key) return;
    const problem = trouble(id, key);
    if (problem) {
      caught = [];
      show();
      complain(row, problem);
      field.focus();
      return;
    }
    keys.choose(id, key);
    settle(row, `“${action.label}” is ${spoken(key)} now.`);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") finish();
    else if (event.key === "Escape") settle(row, "");
    else if (event.key === "Backspace") {
      caught = caught.slice(0, -1);
      show();
    } else if (event.key.length === 1 && event.key !== " ") {
      const key = named(event);
      const single = !two || /^(Ctrl|Alt)\+/.test(key);
      caught = single || caught.length === 2 || caught.some((part) => part.includes("+") && part.length > 1) ? [key] : [...caught, key];
      show();
    }
  });
  keep.addEventListener("click", finish);
  leave.addEventListener("click", () => settle(row, ""));
  place.replaceChildren(field, keep, leave);
  row.append(how);
  show();
  field.focus();
}
document.documentElement.dataset.account = "ready";
