// Keyboard shortcuts of whatever is on the page, in one registry that help shows. Single keys can be switched off, and each can be
// changed (WCAG 2.1.4). Both are kept in this browser: keyboards differ from desk to desk, and why somebody needs it is nobody's business.

import { ACTIONS, type Action } from "./actions";

export interface Scope {
  /** Heading under which the shortcut is listed. */
  readonly scope?: string;
  /** Whether the shortcut is of use now; when not, the key is left to the browser. */
  readonly when?: () => boolean;
}

interface Shortcut extends Scope {
  readonly key: string;
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
}

const STORED = "callcoach-keys";
const CHOSEN = "callcoach-keys-chosen";
const SEQUENCE_MS = 1500;
const MOST_KEY = 30;
const shortcuts: Shortcut[] = [];
const actions = new Map<string, Action>(ACTIONS);
let begun: { key: string; at: number } | null = null;
let chosen = readChosen();

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser that keeps nothing has them as they came
  }
}

function readChosen(): Record<string, string> {
  try {
    const found: unknown = JSON.parse(stored(CHOSEN) ?? "{}");
    if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
    return Object.fromEntries(Object.entries(found).filter(([, key]) => typeof key === "string" && key !== "" && key.length <= MOST_KEY));
  } catch {
    return {};
  }
}

function tell(): void {
  document.dispatchEvent(new CustomEvent("callcoach:keys", { detail: keys.enabled }));
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** What a press is called: "k", "Space", "ArrowUp", "?", "Ctrl+z". */
export function named(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // AltGr is how many keyboards write [ and ]; browsers report it as Ctrl and Alt
  const written = event.getModifierState("AltGraph");
  const control = (event.ctrlKey || event.metaKey) && !written ? "Ctrl+" : "";
  const alt = event.altKey && !written ? "Alt+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return control + alt + shift + key;
}

/** The keys of a shortcut as they are shown, one after the other. */
export function shown(key: string): string[] {
  return key.split(" ").map((part) => part.replace("Arrow", "").replace(/(?<=^|\+)\p{L}$/u, (letter) => letter.toUpperCase()));
}

/** Whether every press of it needs Ctrl or Alt, so that nobody does it by chance. */
function held(key: string): boolean {
  return key.split(" ").every((part) => /^(Ctrl|Alt)\+/.test(part));
}

/** Whether Space or Enter belongs to the control that has the focus. */
function pressesControl(event: KeyboardEvent): boolean {
  const control = event.target instanceof Element ? event.target.closest("button, a[href], summary, input, [role=button]") : null;
  return control !== null && (event.key === " " || event.key === "Enter");
}

/** Whether two keys cannot be told apart when they are pressed: they are the same, or one begins the other. */
function clash(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);
}

export const keys = {
  /** Register a key that is always the same ("Space", "ArrowUp", "Ctrl+z"). */
  on(key: string, label: string, run: (event: KeyboardEvent) => void, scope: Scope = {}): void {
    shortcuts.push({ key, label, run, ...scope });
  },

  /** Register what a key does that people may change; it has to stand among the actions. */
  act(id: string, run: (event: KeyboardEvent) => void, scope: Pick<Scope, "when"> = {}): void {
    const action = actions.get(id);
    if (!action) throw new Error(`no such action: ${id}`);
    shortcuts.push({
      get key() {
        return keys.keyOf(id);
      },
      label: action.label,
      scope: action.scope,
      run,
      ...scope,
    });
  },

  /** Add an action that only the page knows. */
  define(id: string, action: Action): void {
    actions.set(id, action);
  },

  /** The key of an action: the one that was chosen, or its own; empty for what is no action. */
  keyOf(id: string): string {
    return chosen[id] ?? actions.get(id)?.key ?? "";
  },

  /** Every action of the page and of others, with its id. */
  get actions(): ReadonlyMap<string, Action> {
    return actions;
  },

  /** The action that has this key, or one that begins with it, where both are at work; its own does not count. */
  taken(id: string, key: string): [id: string, action: Action] | undefined {
    const wanted = actions.get(id);
    return [...actions].find(
      ([other, action]) =>
        other !== id
        && (action.place === wanted?.place || action.place === "everywhere" || wanted?.place === "everywhere")
        && clash(keys.keyOf(other), key),
    );
  },

  /** Give an action another key; null: its own again. Whoever calls has asked whether it is taken. */
  choose(id: string, key: string | null): void {
    const { [id]: _, ...others } = readChosen();
    chosen = key === null || key === actions.get(id)?.key ? others : { ...others, [id]: key };
    store(CHOSEN, JSON.stringify(chosen));
    tell();
  },

  /** What was chosen, by action. */
  get chosen(): Readonly<Record<string, string>> {
    return chosen;
  },

  set chosen(all: Readonly<Record<string, string>>) {
    chosen = { ...all };
    store(CHOSEN, JSON.stringify(chosen));
    tell();
  },

  get enabled(): boolean {
    return stored(STORED) !== "off";
  },

  set enabled(on: boolean) {
    store(STORED, on ? "on" : "off");
    tell();
  },

  /** All shortcuts by scope, in the order they were registered. */
  listed(): Map<string, Shortcut[]> {
    const found = new Map<string, Shortcut[]>();
    for (const shortcut of shortcuts) {
      const scope = shortcut.scope ?? "Everywhere";
      found.set(scope, [...(found.get(scope) ?? []), shortcut]);
    }
    return found;
  },
};

// another window of the same browser changed them
window.addEventListener("storage", (event) => {
  if (event.key !== STORED && event.key !== CHOSEN) return;
  chosen = readChosen();
  tell();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || typing(event.target) || pressesControl(event)) return;
  const key = named(event);
  if (document.querySelector("dialog[open]") && key !== keys.keyOf("help")) return;
  const sequence = begun && Date.now() - begun.at < SEQUENCE_MS ? `${begun.key} ${key}` : null;
  const usable = shortcuts.filter((one) => (keys.enabled || held(one.key)) && (one.when?.() ?? true));
  const found = usable.findLast((one) => one.key === sequence) ?? usable.findLast((one) => one.key === key);
  if (found) {
    begun = null;
    event.preventDefault();
    found.run(event);
  } else if (usable.some((one) => one.key.startsWith(`${key} `))) {
    begun = { key, at: Date.now() };
  } else {
    begun = null;
  }
});
