// Label calls by keyboard: keys answer the question that is next, every answer is kept as it is given. Knows nothing of what others said.

import { keys } from "../keys";

interface Kept {
  readonly complete: boolean;
  readonly left: number;
  readonly following: string | null;
  readonly sentence: string;
}

const PAUSE_MS = 400;
const form = document.querySelector<HTMLFormElement>("[data-label]");
if (form) labelling(form);
for (const [key, selector, words] of [["ArrowRight", "[data-next-talk]", "Next call"], ["ArrowLeft", "[data-prev]", "Call before"]] as const) {
  const link = document.querySelector<HTMLAnchorElement>(selector);
  if (link) keys.on(key, words, () => link.click(), { scope: "To talk through" });
}
const final = document.querySelector<HTMLButtonElement>("[data-finish]");
if (final) {
  final.focus();
  document.documentElement.dataset.calibration = "ready";
}

function labelling(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>("[data-said]");
  const audio = document.querySelector<HTMLAudioElement>("[data-audio]");
  const scope = { scope: "Label a call" };
  let at: HTMLElement | null = null;
  let timer = 0;
  let keeping: Promise<Kept | null> = Promise.resolve(null);

  function asks(): HTMLElement[] {
    return [...form.querySelectorAll<HTMLElement>("[data-ask]")].filter((ask) => ask.offsetParent !== null);
  }

  function show(ask: HTMLElement | null | undefined): void {
    at?.classList.remove("now");
    at = ask ?? null;
    at?.classList.add("now");
    at?.scrollIntoView({ block: "nearest" });
  }

  function isOpen(ask: HTMLElement): boolean {
    return ask.querySelector("input:checked") === null;
  }

  /** The next question without an answer, from the one that was answered on. */
  function advance(from: HTMLElement): void {
    const all = asks();
    const later = all.slice(all.indexOf(from) + 1).find(isOpen) ?? all.find(isOpen);
    show(later ?? all[all.indexOf(from) + 1] ?? null);
    if (!later) form.querySelector<HTMLElement>("[data-next]")?.focus({ preventScroll: true });
  }

  async function keep(): Promise<Kept | null> {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
    const way = answer?.headers.get("HX-Redirect");
    if (way) {
      // signed out meanwhile: there is no answer to read
      location.assign(way);
      return null;
    }
    if (!answer?.ok) {
      tell(answer ? (await answer.text()).slice(0, 300) : "The server cannot be reached: this answer is not kept yet. Try again.");
      return null;
    }
    const kept = (await answer.json()) as Kept;
    tell(kept.sentence || (kept.complete ? "Kept. This call is complete." : "Kept."));
    return kept;
  }

  function tell(sentence: string): void {
    if (said) said.textContent = sentence;
  }

  /** One after the other, so that an earlier answer never overtakes a later one. */
  function keepSoon(): Promise<Kept | null> {
    window.clearTimeout(timer);
    keeping = keeping.then(keep);
    return keeping;
  }

  form.addEventListener("change", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type === "radio") {
      const ask = target.closest<HTMLElement>("[data-ask]");
      void keepSoon();
      if (ask) advance(ask);
    }
  });
  form.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void keepSoon(), PAUSE_MS);
  });
  form.addEventListener("focusin", (event) => {
    const ask = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-ask]") : null;
    if (ask) show(ask);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void keepSoon().then((kept) => {
      if (!kept || kept.sentence) return;
      const open = asks().find(isOpen);
      if (!kept.complete && open) {
        show(open);
        tell("One question is still open.");
        return;
      }
      const here = `${form.dataset.address ?? ""}/label`;
      location.assign(kept.following ? `${here}?call=${encodeURIComponent(kept.following)}` : here);
    });
  });

  function answer(key: string): void {
    const input = at?.querySelector<HTMLInputElement>(`input[data-key="${key}"]`);
    if (!input) return;
    input.checked = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  for (const key of ["0", "1", "2", "3", "4", "5", "6", "7", "y", "n", "u"]) {
    keys.act(`label.${key}`, () => answer(key), { when: () => at?.querySelector(`input[data-key="${key}"]`) !== null });
  }
  const step = (by: number): void => {
    const all = asks();
    show(all[Math.min(Math.max((at ? all.indexOf(at) : -1) + by, 0), all.length - 1)]);
  };
  keys.on("ArrowDown", "Next question", () => step(1), scope);
  keys.on("ArrowUp", "Question before", () => step(-1), scope);
  keys.on("Enter", "Keep, next call", () => form.requestSubmit(), scope);
  keys.act("label.comment", () => form.querySelector<HTMLElement>("[data-note]")?.focus());
  keys.act("label.quote", () => {
    const chosen = String(getSelection() ?? "").replace(/\s+/g, " ").trim();
    const field = form.querySelector<HTMLTextAreaElement>("[data-quote]");
    if (!field) return;
    if (!chosen) field.focus();
    else {
      field.value = chosen;
      void keepSoon();
    }
  });
  keys.act("label.before", () => form.querySelector<HTMLAnchorElement>("[data-before]")?.click());
  if (audio) keys.on("Space", "Play or stop", () => void (audio.paused ? audio.play() : audio.pause()), scope);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement) event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(document.activeElement)) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const from = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-t]") : null;
    if (!from || !audio) return;
    audio.currentTime = Math.max(0, Number(from.dataset.t) - 0.2);
    void audio.play();
  });

  show(asks().find(isOpen) ?? asks()[0]);
  document.documentElement.dataset.calibration = "ready";
}
