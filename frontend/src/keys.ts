// Keyboard shortcuts of whatever is on the page, in one registry that `?` shows. Single keys can be switched off (WCAG 2.1.4).

export interface Scope {
  /** Heading under which the shortcut is listed. */
  readonly scope?: string;
  /** Whether the shortcut is of use now; when not, the key is left to the browser. */
  readonly when?: () => boolean;
  /** Works with single keys switched off, too: Escape, or a key with Ctrl. */
  readonly always?: boolean;
}

interface Shortcut extends Scope {
  readonly key: string;
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
}

const STORED = "callcoach-keys";
const SEQUENCE_MS = 1500;
const shortcuts: Shortcut[] = [];
let begun: { key: string; at: number } | null = null;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

function named(event: KeyboardEvent): string {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return control + alt + shift + key;
}

/** Whether Space or Enter belongs to the control that has the focus. */
function pressesControl(event: KeyboardEvent): boolean {
  const control = event.target instanceof Element ? event.target.closest("button, a[href], summary, input, [role=button]") : null;
  return control !== null && (event.key === " " || event.key === "Enter");
}

export const keys = {
  /** Register `key` ("k", "Space", "ArrowUp", "?", "Ctrl+z", "g t" for a sequence); the answer takes it away again. */
  on(key: string, label: string, run: (event: KeyboardEvent) => void, scope: Scope = {}): () => void {
    const shortcut = { key, label, run, ...scope };
    shortcuts.push(shortcut);
    return () => void shortcuts.splice(shortcuts.indexOf(shortcut), 1);
  },

  get enabled(): boolean {
    try {
      return localStorage.getItem(STORED) !== "off";
    } catch {
      return true;
    }
  },

  set enabled(on: boolean) {
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // a browser that keeps nothing has them on
    }
    document.dispatchEvent(new CustomEvent("callcoach:keys", { detail: on }));
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

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || typing(event.target) || pressesControl(event)) return;
  if (document.querySelector("dialog[open]") && event.key !== "?") return;
  const key = named(event);
  const sequence = begun && Date.now() - begun.at < SEQUENCE_MS ? `${begun.key} ${key}` : null;
  const usable = shortcuts.filter((one) => (keys.enabled || one.always) && (one.when?.() ?? true));
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
