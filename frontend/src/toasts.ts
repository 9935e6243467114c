// Say in a sentence what was done, with Undo for ten seconds. Knows nothing of what can be undone: it posts to an address.

export interface Said {
  readonly sentence: string;
  readonly undo?: string | null;
  readonly kind?: "good" | "bad";
}

const UNDO_MS = 10_000;
const READ_MS = 6_000;
let latestUndo: (() => void) | null = null;

/** Post to an address of ours; true where it was done. */
export async function post(address: string, body?: BodyInit): Promise<boolean> {
  const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
  if (answer.headers.get("HX-Redirect")) {
    location.assign(answer.headers.get("HX-Redirect") ?? "/sign-in");
    return false;
  }
  if (!answer.ok) say({ sentence: await answer.text(), kind: "bad" });
  else announce(answer.headers.get("HX-Trigger"));
  return answer.ok;
}

function announce(header: string | null): void {
  if (!header) return;
  try {
    const said = JSON.parse(header)["callcoach:toast"] as Said | undefined;
    if (said) say(said);
  } catch {
    // another kind of trigger: not ours to say
  }
}

/** Undo what the latest toast offers to undo; false where there is nothing. */
export function undoLatest(): boolean {
  if (!latestUndo) return false;
  latestUndo();
  return true;
}

/** Show a sentence. undo: an address to post to, or what to do. It stays while the pointer or the focus is on it. */
export function say(said: Omit<Said, "undo"> & { readonly undo?: string | null | (() => void) }): void {
  const region = document.getElementById("toasts");
  if (!region) return;
  const toast = document.createElement("div");
  toast.className = `toast ${said.kind ?? "good"}`;
  const words = document.createElement("span");
  words.textContent = said.sentence;
  toast.append(words);
  let timer = 0;
  const close = (): void => {
    window.clearTimeout(timer);
    toast.remove();
    if (latestUndo === undo) latestUndo = null;
  };
  const undo = (): void => {
    close();
    const way = said.undo;
    if (typeof way === "function") way();
    else if (way) void post(way).then((done) => done && document.dispatchEvent(new CustomEvent("callcoach:undone", { detail: way })));
  };
  if (said.undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = "Undo";
    button.addEventListener("click", undo);
    toast.append(button);
    latestUndo = undo;
  }
  const wait = (): void => {
    timer = window.setTimeout(close, said.undo ? UNDO_MS : READ_MS);
  };
  toast.addEventListener("pointerenter", () => window.clearTimeout(timer));
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", () => window.clearTimeout(timer));
  toast.addEventListener("focusout", wait);
  while (region.childElementCount > 2) region.firstElementChild?.remove();
  region.append(toast);
  wait();
}
