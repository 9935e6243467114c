// The workbench: form and text follow each other, and each pause in writing asks what the change does to calls. The latest question wins.

import { keys } from "../keys";
import { say } from "../toasts";

interface Mark {
  readonly field: string;
  readonly line: number | null;
  readonly sentence: string;
  readonly severity: "refuse" | "vague" | "note";
  readonly better: string | null;
}

interface Followed {
  readonly text: string;
  readonly form: Readonly<Record<string, string>>;
  readonly marks: readonly Mark[];
  readonly readable: boolean;
  readonly changed: boolean;
}

interface Effect {
  readonly html: string;
  readonly marks: readonly Mark[];
  readonly explained: boolean;
  readonly waiting: number;
}

const PAUSE_MS = 150;
const KINDS = { refuse: "bad", vague: "warn", note: "plain" } as const;
const form = document.querySelector<HTMLFormElement>("[data-bench]");

function one<Kind extends Element>(selector: string, within: ParentNode = document): Kind | null {
  return within.querySelector<Kind>(selector);
}

if (form) bench(form);

function bench(form: HTMLFormElement): void {
  const address = `/workbench/${encodeURIComponent(form.dataset.name ?? "")}`;
  const text = one<HTMLTextAreaElement>("[data-text]", form);
  const base = form.elements.namedItem("base") as HTMLInputElement | null;
  if (!text || !base) return;
  const waiting = new Map<string, string>();
  let timer = 0;
  let asking: AbortController | null = null;
  let lastKey = 0;
  let saved = text.value;

  // --- asking -------------------------------------------------------------------------------------------------------------

  function changed(): void {
    lastKey = performance.now();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
    state("Not kept yet …");
  }

  // what is broken off because somebody writes on has no answer; anything else that cannot be read is said
  async function read<Answer>(answer: Response | null, signal: AbortSignal): Promise<Answer | null> {
    if (!answer || answer.status === 204 || signal.aborted) return null;
    try {
      const found = (await answer.json()) as Answer;
      return signal.aborted ? null : found;
    } catch (trouble) {
      if (!signal.aborted) throw trouble;
      return null;
    }
  }

  async function send(path: string, fields: Iterable<readonly [string, string]>, signal: AbortSignal): Promise<Response | null> {
    const body = new URLSearchParams([...fields].map(([name, value]) => [name, value]));
    try {
      const answer = await fetch(`${address}/${path}`, { method: "POST", body, signal, headers: { "HX-Request": "true" } });
      const way = answer.headers.get("HX-Redirect");
      if (way) {
        // signed out meanwhile: there is no answer to read
        location.assign(way);
        return null;
      }
      if (answer.ok) return answer;
      state((await answer.text()).slice(0, 300));
    } catch (trouble) {
      if (!(trouble instanceof DOMException)) state("The server cannot be reached; what you write stays in this window.");
    }
    return null;
  }

  async function ask(): Promise<void> {
    asking?.abort();
    const mine = (asking = new AbortController());
    const sent = new Map(waiting);
    const fields: [string, string][] = [["text", text!.value], ["base", base!.value]];
    for (const [place, value] of sent) fields.push([`f:${place}`, value]);
    const answer = await send("follow", fields, mine.signal);
    const followed = await read<Followed>(answer, mine.signal);
    if (!followed) return;
    for (const [place, value] of sent) if (waiting.get(place) === value) waiting.delete(place);
    if (followed.text !== text!.value) setText(followed.text);
    showForm(followed);
    showMarks(followed.marks);
    state(followed.changed ? "Your text is kept here, not saved." : "As it stands in the file.");
    await askEffect(mine, false);
  }

  // the calls that are judged by then are shown at once, and the rest is asked for until all are
  async function askEffect(mine: AbortController, explain: boolean, first?: number): Promise<void> {
    const place = one<HTMLElement>("[data-effect]", form!);
    place?.setAttribute("aria-busy", "true");
    const answer = await send("effect", [["text", text!.value], ["explain", String(explain)]], mine.signal);
    const effect = await read<Effect>(answer, mine.signal);
    if (!effect || !place) return;
    const open = one<HTMLDetailsElement>("details", place)?.open;
    place.innerHTML = effect.html;
    const details = one<HTMLDetailsElement>("details", place);
    if (details && open !== undefined) details.open = open;
    showMarks(effect.marks);
    const short = one<HTMLElement>("[data-bar-effect]", form!);
    if (short) short.textContent = one("[data-headline]", place)?.textContent ?? "";
    const took = one<HTMLElement>("[data-took]", place);
    const seconds = first ?? (performance.now() - lastKey) / 1000;
    if (took && lastKey && !explain) {
      took.title = `${seconds.toFixed(2)} s from the last keystroke`;
      took.dataset.sinceKey = seconds.toFixed(3);
    }
    if (effect.waiting) {
      await askEffect(mine, explain, seconds);
      return;
    }
    place.removeAttribute("aria-busy");
    document.documentElement.dataset.effect = String(Number(document.documentElement.dataset.effect ?? "0") + 1);
    if (!effect.explained) await askEffect(mine, true);
  }

  // --- showing ------------------------------------------------------------------------------------------------------------

  function state(sentence: string): void {
    const place = one<HTMLElement>("[data-state]", form!);
    if (place && place.textContent !== sentence) place.textContent = sentence;
  }

  function setText(value: string): void {
    const at = text!.selectionStart;
    const top = text!.scrollTop;
    text!.value = value;
    text!.setSelectionRange(at, at);
    text!.scrollTop = top;
    drawLines([]);
  }

  function inputs(): (HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[] {
    return [...form!.querySelectorAll<HTMLInputElement>("[data-place]")];
  }

  function showForm(followed: Followed): void {
    const fields = one<HTMLFieldSetElement>("[data-form]", form!);
    const told = one<HTMLElement>("[data-form-said]", form!);
    if (fields) fields.disabled = !followed.readable;
    if (told) told.textContent = followed.readable ? "" : "The text cannot be read as it stands: mend it, then the form follows.";
    if (!followed.readable) return;
    setCriteria(new Set(Object.keys(followed.form).filter((place) => place.startsWith("criteria.")).map((place) => place.split(".")[1])).size);
    for (const input of inputs()) {
      const place = input.dataset.place ?? "";
      const value = followed.form[place] ?? "";
      // whoever is writing in a field is not interrupted; what the text makes of it is the same words
      if (input === document.activeElement || waiting.has(place) || input.value === value) continue;
      if (input instanceof HTMLSelectElement && ![...input.options].some((option) => option.value === value)) input.add(new Option(value, value));
      input.value = value;
    }
  }

  function setCriteria(wanted: number): void {
    const list = one<HTMLElement>("[data-criteria]", form!);
    const template = one<HTMLTemplateElement>("[data-criterion-template]");
    if (!list || !template) return;
    while (list.childElementCount > wanted) list.lastElementChild?.remove();
    while (list.childElementCount < wanted) {
      const number = list.childElementCount;
      const fresh = template.content.cloneNode(true) as DocumentFragment;
      for (const element of fresh.querySelectorAll<HTMLElement>("[data-place], [data-marks-at], [data-criterion]")) {
        for (const name of ["placeAt", "place", "marksAt", "criterion"]) {
          const old = element.dataset[name];
          if (old) element.dataset[name] = old.replace("999", String(number));
        }
        if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
          element.name = element.name.replace("999", String(number));
        }
      }
      const shown = fresh.querySelector("[data-number]");
      if (shown) shown.textContent = String(number + 1);
      list.append(fresh);
    }
    const n = one<HTMLElement>("[data-n-criteria]", form!);
    if (n) n.textContent = wanted ? String(wanted) : "";
    for (const button of form!.querySelectorAll<HTMLElement>("[data-remove], [data-add]")) button.hidden = false;
  }

  function line(mark: Mark, named: boolean): HTMLElement {
    const item = document.createElement(named ? "li" : "p");
    item.className = `mark-line ${KINDS[mark.severity]}`;
    const words = document.createElement("span");
    if (named) {
      const where = document.createElement("button");
      where.type = "button";
      where.className = "linklike strong";
      where.textContent = called(mark.field);
      where.addEventListener("click", () => goTo(mark));
      words.append(where);
      if (mark.line) words.append(` line ${mark.line}`);
      words.append(document.createElement("br"));
    }
    words.append(mark.sentence);
    if (mark.better && !named) {
      const better = document.createElement("em");
      better.textContent = ` Better: ${mark.better}`;
      words.append(better);
    }
    item.append(words);
    return item;
  }

  function called(place: string): string {
    const input = inputs().find((each) => each.dataset.place === place);
    const label = input ? form!.querySelector(`label[for="${input.id}"]`)?.textContent ?? "" : "";
    return (label.split(":")[0] || place.split(".").pop() || "The file").trim();
  }

  function goTo(mark: Mark): void {
    const input = inputs().find((each) => each.dataset.place === mark.field);
    if (input) {
      input.closest("details")?.setAttribute("open", "");
      input.focus();
    } else if (mark.line) {
      goToLine(mark.line);
    }
  }

  function goToLine(number: number): void {
    const before = text!.value.split("\n").slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    text!.focus();
    text!.setSelectionRange(before, before);
    const row = one<HTMLElement>("[data-lines]", form!)?.children[number - 1];
    if (row instanceof HTMLElement) text!.scrollTop = Math.max(0, row.offsetTop - 80);
  }

  function showMarks(marks: readonly Mark[]): void {
    for (const place of form!.querySelectorAll<HTMLElement>("[data-marks-at]")) {
      const here = marks.filter((mark) => mark.field === place.dataset.marksAt || (place.dataset.marksAt?.startsWith("criteria.") && mark.field.startsWith(`${place.dataset.marksAt}.`)));
      place.replaceChildren(...here.map((mark) => line(mark, false)));
    }
    for (const input of inputs()) {
      if (marks.some((mark) => mark.field === input.dataset.place && mark.severity === "refuse")) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    const all = one<HTMLElement>("[data-all-marks]", form!);
    if (all) {
      const none = document.createElement("li");
      none.className = "muted";
      none.textContent = "Nothing that the check finds.";
      all.replaceChildren(...(marks.length ? marks.map((mark) => line(mark, true)) : [none]));
    }
    drawLines(marks);
  }

  // the numbers stand in a copy of the text behind it, so that they are right however lines wrap
  function drawLines(marks: readonly Mark[]): void {
    const place = one<HTMLElement>("[data-lines]", form!);
    if (!place) return;
    const worst = new Map<number, string>();
    for (const mark of [...marks].reverse()) if (mark.line) worst.set(mark.line, KINDS[mark.severity]);
    const rows = text!.value.split("\n").map((words, number) => {
      const row = document.createElement("div");
      row.textContent = words || "​";
      const kind = worst.get(number + 1);
      if (kind) row.className = kind;
      return row;
    });
    place.replaceChildren(...rows);
    place.scrollTop = text!.scrollTop;
  }

  // --- writing ------------------------------------------------------------------------------------------------------------

  form.addEventListener("input", (event) => {
    const target = event.target;
    if (target === text) {
      waiting.clear();
      drawLines([]);
      changed();
    } else if (target instanceof HTMLElement && target.dataset.place) {
      waiting.set(target.dataset.place, (target as HTMLInputElement).value);
      changed();
    }
  });
  text.addEventListener("scroll", () => {
    const place = one<HTMLElement>("[data-lines]", form);
    if (place) place.scrollTop = text.scrollTop;
  });
  form.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const removed = target?.closest("[data-remove]")?.closest<HTMLElement>("[data-criterion]");
    if (removed) {
      const number = removed.dataset.criterion;
      const kept = text.value;
      waiting.set(`criteria.${number}`, "-");
      say({
        sentence: "The criterion was taken away.",
        undo: () => {
          setText(kept);
          changed();
        },
      });
      changed();
    } else if (target?.closest("[data-add]")) {
      const number = one<HTMLElement>("[data-criteria]", form)?.childElementCount ?? 0;
      waiting.set(`criteria.${number}`, `criterion-${number + 1}`);
      changed();
    }
  });

  async function save(): Promise<void> {
    window.clearTimeout(timer);
    if (waiting.size) await ask();
    const value = text!.value;
    const body = new URLSearchParams({ text: value, base: base!.value });
    const answer = await fetch(`${address}/save`, { method: "POST", body, headers: { "HX-Request": "true" } });
    const way = answer.headers.get("HX-Redirect");
    if (way) {
      location.assign(way);
    } else if (answer.status === 409) {
      saved = text!.value;
      location.assign(address);
    } else if (!answer.ok) {
      say({ sentence: (await answer.text()).slice(0, 400), kind: "bad" });
    } else {
      base!.value = ((await answer.json()) as { base: string }).base;
      saved = value;
      state("Saved: this is what stands in the file.");
      one("[data-draft-notice]")?.remove();
      const told = answer.headers.get("HX-Trigger");
      if (told) say((JSON.parse(told) as Record<string, { sentence: string; undo: string | null }>)["callcoach:toast"] ?? { sentence: "Saved." });
    }
  }

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    saved = text.value;
    if (button instanceof HTMLButtonElement && button.hasAttribute("data-save")) {
      event.preventDefault();
      void save();
    }
  });
  document.addEventListener("callcoach:undone", () => location.assign(address));
  window.addEventListener("beforeunload", (event) => {
    // whatever was typed is kept by the server a moment later; only the last words could be lost
    if (waiting.size && text.value !== saved) event.preventDefault();
  });

  keys.on("Ctrl+s", "Save as draft", () => void save(), { scope: "Workbench" });
  document.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && form.contains(document.activeElement)) {
      event.preventDefault();
      void save();
    }
  });
  keys.act("workbench.text", () => text.focus());
  keys.act("workbench.wall", () => inputs().find((each) => each.dataset.place === "value_story.wall")?.focus());

  for (const button of form.querySelectorAll<HTMLElement>("[data-needless]")) button.closest("p")?.setAttribute("hidden", "");
  for (const button of form.querySelectorAll<HTMLElement>("[data-remove], [data-add]")) button.hidden = false;
  drawLines([]);
  new ResizeObserver(() => {
    const place = one<HTMLElement>("[data-lines]", form);
    if (place) place.scrollTop = text.scrollTop;
  }).observe(text);
  void ask();
  document.documentElement.dataset.workbench = "ready";
}
