// The player of the call page: sound, two lanes, marks, and a transcript that follows. Works on what the server wrote; without
// this script the page still reads, plays and takes every word.

import { Lanes } from "../lanes";
import { keys } from "../keys";
import { say, undoLatest } from "../toasts";

const BEFORE_S = 0.2;
const STEP_S = 5;
const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];
const PLAYER = "Player";

interface Htmx {
  ajax(verb: string, address: string, context: { target: string; swap: string }): Promise<void>;
}
const htmx = (): Htmx | undefined => (window as unknown as { htmx?: Htmx }).htmx;

const player = document.querySelector<HTMLElement>("#player");
const audio = document.querySelector<HTMLAudioElement>("#audio");
const part = <T extends HTMLElement>(name: string): T | null => player?.querySelector<T>(`[data-${name}]`) ?? null;

let sentences: HTMLElement[] = [];
let starts: number[] = [];
let now = -1;
let following = true;
let scrolledByUs = 0;
let current: string | null = player?.dataset.e ?? null;

function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** What is read of the page anew after its parts were put in place. */
function index(): void {
  sentences = [...document.querySelectorAll<HTMLElement>("#words a.s[data-t]")];
  starts = sentences.map((sentence) => Number(sentence.dataset.t));
  now = -1;
  pins();
  showCurrent(false);
  if (audio) follow();
  restoreDrafts();
  needMoment();
}

// sound

function seek(seconds: number, play: boolean): void {
  if (!audio) return;
  const to = Math.max(0, seconds);
  if (audio.readyState === 0) {
    audio.addEventListener("loadedmetadata", () => { audio.currentTime = to; }, { once: true });
    audio.load();
  } else {
    audio.currentTime = to;
  }
  if (play) void audio.play().catch(() => undefined);
  lanes?.at(to);
}

function hear(start: number, play = true): void {
  following = true;
  seek(start - BEFORE_S, play);
  address(start);
  mark(place(start));
}

function toggle(): void {
  if (!audio) return;
  if (audio.paused) void audio.play().catch(() => undefined);
  else audio.pause();
}

function speed(by: number): void {
  const select = part<HTMLSelectElement>("speed");
  if (!audio || !select) return;
  const at = RATES.indexOf(Number(select.value));
  const rate = RATES[Math.min(RATES.length - 1, Math.max(0, at + by))] ?? 1;
  select.value = String(rate);
  audio.playbackRate = rate;
}

function length(): number {
  const known = Number(player?.dataset.duration ?? 0);
  return audio && Number.isFinite(audio.duration) && audio.duration > 0 ? audio.duration : known;
}

// the transcript follows

/** The sentence that is spoken at a moment: the last that has begun. */
function place(seconds: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= seconds + 0.02) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function follow(): void {
  if (!audio) return;
  const seconds = audio.currentTime;
  lanes?.at(seconds);
  const told = part("now");
  if (told) told.textContent = clock(seconds);
  const slider = part("lanes");
  slider?.setAttribute("aria-valuenow", String(Math.round(seconds)));
  slider?.setAttribute("aria-valuetext", `${clock(seconds)} of ${clock(length())}`);
  if (!audio.paused || seconds > 0) mark(place(seconds + (audio.paused ? BEFORE_S : 0)));
}

function mark(number: number): void {
  if (number === now) return;
  sentences[now]?.classList.remove("now");
  sentences[now]?.removeAttribute("aria-current");
  now = number;
  const sentence = sentences[now];
  if (!sentence) return;
  sentence.classList.add("now");
  sentence.setAttribute("aria-current", "true");
  if (following) bring(sentence);
}

/** Bring an element to where it is read, below the player, unless it is in sight. */
function bring(element: HTMLElement): void {
  const box = element.getBoundingClientRect();
  const top = (player?.getBoundingClientRect().bottom ?? 0) + 12;
  if (box.top >= top && box.bottom <= innerHeight - 60) return;
  scrolledByUs = Date.now();
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollBy({ top: box.top - top - (innerHeight - top) * 0.3, behavior: smooth ? "smooth" : "instant" });
}

function stopFollowing(): void {
  // a page that is scrolled by us goes on scrolling for a while
  if (!audio || audio.paused || Date.now() - scrolledByUs < 900) return;
  following = false;
  const chip = part("follow");
  if (chip) chip.hidden = false;
}

function backToNow(): void {
  following = true;
  const chip = part("follow");
  if (chip) chip.hidden = true;
  const sentence = sentences[now];
  if (sentence) bring(sentence);
}

function stepSentence(by: number): void {
  if (sentences.length === 0) return;
  const focused = sentences.indexOf(document.activeElement as HTMLElement);
  const from = focused >= 0 ? focused : now;
  const to = Math.min(sentences.length - 1, Math.max(0, from + by));
  const sentence = sentences[to];
  if (!sentence) return;
  sentence.focus({ preventScroll: true });
  bring(sentence);
  choose(sentence);
}

// evidence

function listed(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#side [data-evidence] > li:not(.struck)")];
}

function pins(): void {
  for (const side of ["rep", "customer"]) {
    const row = player?.querySelector<HTMLElement>(`[data-pins="${side}"]`);
    if (!row) continue;
    row.replaceChildren();
    for (const item of listed()) {
      const start = Number(item.dataset.t ?? Number.NaN);
      const shape = item.querySelector(".kind > .mark");
      if (item.dataset.side !== side || Number.isNaN(start) || !shape || length() <= 0) continue;
      const pin = document.createElement("button");
      pin.type = "button";
      pin.className = `pin ${shape.classList.value.replace("mark", "").trim()}`;
      pin.dataset.e = item.dataset.e;
      pin.style.left = `${Math.min(99, Math.max(1, (100 * start) / length()))}%`;
      const name = `${item.querySelector("strong")?.textContent ?? "Evidence"} at ${clock(start)}`;
      pin.setAttribute("aria-label", name);
      pin.title = `${name}: ${item.querySelector("blockquote")?.textContent?.slice(0, 140) ?? ""}`;
      pin.append(shape.cloneNode(true));
      pin.addEventListener("click", () => evidence(item.dataset.e ?? "", true));
      row.append(pin);
    }
    spread(row);
  }
}

/** Pins that would lie on one another are moved apart, as far as there is room. */
function spread(row: HTMLElement): void {
  const width = row.clientWidth;
  let latest = -Infinity;
  for (const pin of [...row.children] as HTMLElement[]) {
    const at = Math.max((parseFloat(pin.style.left) / 100) * width, latest + 25);
    latest = at;
    if (at < width - 12) pin.style.left = `${at}px`;
  }
}

function evidence(id: string, play: boolean): void {
  current = id;
  const item = showCurrent(true);
  const start = Number(item?.dataset.t ?? Number.NaN);
  if (!Number.isNaN(start)) {
    following = true;
    if (play) hear(start);
    address(start);
  }
}

function showCurrent(bringIt: boolean): HTMLElement | null {
  for (const element of document.querySelectorAll(".evidence > [aria-current], .pin[aria-current]")) element.removeAttribute("aria-current");
  for (const element of document.querySelectorAll("mark.here")) element.classList.remove("here");
  if (!current) return null;
  const item = listed().find((each) => each.dataset.e === current) ?? null;
  item?.setAttribute("aria-current", "true");
  player?.querySelector(`.pin[data-e="${CSS.escape(current)}"]`)?.setAttribute("aria-current", "true");
  const marks = [...document.querySelectorAll<HTMLElement>("mark.ev")].filter((each) => each.dataset.e?.split(" ").includes(current ?? ""));
  for (const each of marks) each.classList.add("here");
  if (bringIt && item) reveal(item);
  if (bringIt && marks[0]) bring(marks[0]);
  return item;
}

/** Show an item of the judgement where that scrolls by itself; the page stays where it is. */
function reveal(item: HTMLElement): void {
  const side = item.closest<HTMLElement>("#side");
  if (!side || side.scrollHeight <= side.clientHeight) return;
  const box = item.getBoundingClientRect();
  const frame = side.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) side.scrollTop += box.top - frame.top - 24;
}

function stepEvidence(by: number): void {
  const items = listed();
  if (items.length === 0) return;
  const at = items.findIndex((each) => each.dataset.e === current);
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : (at + by + items.length) % items.length];
  if (next) evidence(next.dataset.e ?? "", true);
}

// where the reader is, in the address: to share, and to come back to

function address(seconds: number): void {
  const here = new URL(location.href);
  here.searchParams.set("t", seconds.toFixed(1));
  if (current) here.searchParams.set("e", current);
  else here.searchParams.delete("e");
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
}

// a moment to speak of

function choose(sentence: HTMLElement): void {
  for (const other of document.querySelectorAll(".s.at")) other.classList.remove("at");
  sentence.classList.add("at");
  const turn = sentence.closest<HTMLElement>("[data-turn]")?.dataset.turn ?? "";
  moment(turn, words(sentence), sentence.dataset.t ? Number(sentence.dataset.t) : null);
}

/** The words as they were said: shapes in front of evidence have none. */
function words(element: HTMLElement): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}

function moment(turn: string, quote: string, start: number | null): void {
  const form = document.querySelector<HTMLFormElement>("[data-moment]");
  if (!form) return;
  (form.elements.namedItem("turn") as HTMLInputElement).value = turn;
  (form.elements.namedItem("words") as HTMLInputElement).value = quote;
  const shown = form.querySelector("[data-chosen]");
  if (shown) {
    const said = document.createElement("q");
    said.textContent = quote;
    shown.replaceChildren(start === null ? "The words " : `At ${clock(start)}: `, said);
  }
  needMoment();
}

function needMoment(): void {
  const form = document.querySelector<HTMLFormElement>("[data-moment]");
  const chosen = (form?.elements.namedItem("words") as HTMLInputElement | null)?.value;
  for (const button of form?.querySelectorAll<HTMLButtonElement>("[data-needs-moment]") ?? []) {
    button.disabled = !chosen;
    button.title = chosen ? "" : "Choose a sentence in the transcript first";
  }
}

function writeComment(): void {
  const box = document.querySelector<HTMLTextAreaElement>("[data-moment] textarea");
  audio?.pause();
  const sentence = sentences[now];
  const chosen = document.querySelector(".s.at");
  if (!chosen && sentence) choose(sentence);
  box?.focus();
}

function correct(verdict?: string): void {
  const details = document.querySelector<HTMLDetailsElement>("[data-correct]");
  if (!details) return;
  details.open = true;
  const select = details.querySelector<HTMLSelectElement>("select[name=verdict]");
  if (verdict && select) select.value = verdict;
  const next = verdict ? details.querySelector<HTMLElement>("textarea") : select;
  next?.focus();
}

// drafts outlive a closed tab; what was kept is no draft any more

const draftKey = (form: HTMLFormElement): string => `callcoach-draft ${location.pathname} ${form.dataset.draft}`;

function restoreDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const box = form.querySelector("textarea");
    const kept = stored((store) => store.getItem(draftKey(form)));
    if (box && kept && !box.value) box.value = kept;
  }
}

function stored<T>(use: (store: Storage) => T): T | null {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}

document.addEventListener("input", (event) => {
  const form = (event.target as Element).closest<HTMLFormElement>("form[data-draft]");
  if (form && event.target instanceof HTMLTextAreaElement) {
    const { value } = event.target;
    stored((store) => (value ? store.setItem(draftKey(form), value) : store.removeItem(draftKey(form))));
  }
});

// what is clicked

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const heard = event.target.closest<HTMLAnchorElement>("a.hear[data-t]");
  if (heard && audio) {
    event.preventDefault();
    if (heard.dataset.at) current = heard.dataset.at;
    showCurrent(false);
    hear(Number(heard.dataset.t));
    return;
  }
  const sentence = event.target.closest<HTMLElement>(".s");
  if (sentence) {
    // whoever selects words does not want to hear them
    if ((getSelection()?.toString().length ?? 0) > 0) {
      event.preventDefault();
      return;
    }
    choose(sentence);
    const marked = event.target.closest<HTMLElement>("mark.ev");
    current = marked?.dataset.e?.split(" ")[0] ?? null;
    showCurrent(false);
    if (sentence.dataset.t) {
      event.preventDefault();
      if (audio) hear(Number(sentence.dataset.t));
      else address(Number(sentence.dataset.t));
    }
    return;
  }
  const item = event.target.closest<HTMLElement>(".evidence > li");
  if (item && !event.target.closest("a, button, summary, input, form, label")) evidence(item.dataset.e ?? "", true);
});

// htmx: which form went where, what came back

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent<{ path: string; triggeringEvent?: SubmitEvent }>).detail;
  const way = detail.triggeringEvent?.submitter?.getAttribute("formaction");
  if (way) detail.path = way;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean; isError: boolean; requestConfig?: { elt: Element } }>).detail;
  if (detail.xhr.status === 409 && detail.xhr.getResponseHeader("content-type")?.startsWith("text/html")) {
    detail.shouldSwap = true;
    detail.isError = false;
    say({ sentence: "Somebody else was faster. Both versions are shown; nothing of yours was lost.", kind: "bad" });
  } else if (detail.xhr.status < 300) {
    const form = detail.requestConfig?.elt.closest<HTMLFormElement>("form[data-draft]");
    if (form) stored((store) => store.removeItem(draftKey(form)));
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target instanceof Element && (event.target.id === "side" || event.target.id === "words")) index();
});
document.addEventListener("callcoach:undone", refresh);

function refresh(): void {
  const side = document.querySelector<HTMLElement>("#side");
  if (side?.dataset.refresh) void htmx()?.ajax("GET", side.dataset.refresh, { target: "#side", swap: "outerHTML" });
}

function undo(): void {
  if (undoLatest()) return;
  const back = document.querySelector<HTMLButtonElement>(".said-log .in-line button");
  say(back ? { sentence: "The ten seconds are over. Use “Take back” in the history.", kind: "bad" } : { sentence: "There is nothing of yours to undo here.", kind: "bad" });
}

// keys

const there = { scope: PLAYER, when: () => audio !== null };
keys.on("Space", "Play or pause", toggle, there);
keys.act("call.play", toggle, there);
keys.act("call.back", () => audio && seek(audio.currentTime - STEP_S, false), there);
keys.act("call.on", () => audio && seek(audio.currentTime + STEP_S, false), there);
keys.act("call.slower", () => speed(-1), there);
keys.act("call.faster", () => speed(1), there);
keys.on("ArrowUp", "Sentence before", () => stepSentence(-1), { scope: PLAYER, when: () => sentences.length > 0 && document.activeElement?.getAttribute("role") !== "slider" });
keys.on("ArrowDown", "Next sentence", () => stepSentence(1), { scope: PLAYER, when: () => sentences.length > 0 && document.activeElement?.getAttribute("role") !== "slider" });
keys.act("call.next", () => stepEvidence(1), { when: () => listed().length > 0 });
keys.act("call.before", () => stepEvidence(-1), { when: () => listed().length > 0 });
const review = { when: () => document.querySelector("[data-correct]") !== null };
keys.act("call.agree", () => document.querySelector<HTMLButtonElement>("[data-agree] button:not(:disabled)")?.click(), review);
keys.act("call.correct", () => correct(), review);
["explains", "partial", "recites", "facts_only", "stumbles"].forEach((verdict, at) => {
  keys.act(`call.verdict.${at + 1}`, () => correct(verdict), review);
});
keys.act("call.comment", writeComment, { when: () => document.querySelector("[data-moment]") !== null });
keys.act("call.undo", undo);

// put together

let lanes: Lanes | null = null;

if (player && audio) {
  player.classList.add("live");
  const transport = part("transport");
  if (transport) transport.hidden = false;
  part("play")?.addEventListener("click", toggle);
  for (const button of player.querySelectorAll<HTMLElement>("[data-skip]")) {
    button.addEventListener("click", () => seek(audio.currentTime + Number(button.dataset.skip), false));
  }
  part<HTMLSelectElement>("speed")?.addEventListener("change", (event) => {
    audio.playbackRate = Number((event.target as HTMLSelectElement).value);
  });
  part("follow")?.addEventListener("click", backToNow);
  const playing = (): void => {
    for (const one of player.querySelectorAll<HTMLElement>("[data-icon]")) one.hidden = (one.dataset.icon === "play") !== audio.paused;
    part("play")?.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    if (!audio.paused) requestAnimationFrame(frame);
  };
  const frame = (): void => {
    lanes?.at(audio.currentTime);
    if (!audio.paused) requestAnimationFrame(frame);
  };
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, playing);
  for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, follow);
  audio.addEventListener("loadedmetadata", () => {
    const told = part("length");
    if (told) told.textContent = clock(length());
    pins();
  });
  audio.addEventListener("error", () => {
    // a coding that this browser does not know: the server has it as WAV, too
    if (!audio.src.includes("plain=")) {
      audio.src = `${player.dataset.address}/audio?plain=true`;
      audio.load();
    } else {
      say({ sentence: "The recording cannot be played here. Everything else works.", kind: "bad" });
    }
  });
  if (audio.error) audio.dispatchEvent(new Event("error"));

  const timeline = part("timeline");
  const slider = part("lanes");
  const canvas = part<HTMLCanvasElement>("canvas");
  const head = part("head");
  if (timeline && slider && canvas && head) {
    timeline.hidden = false;
    lanes = new Lanes(canvas, head, length);
    void lanes.load(`${player.dataset.address}/peaks`, () => [...document.querySelectorAll<HTMLElement>("#words .pause")].map(pauseBefore));
    const to = (event: PointerEvent): number => {
      const box = slider.getBoundingClientRect();
      return (Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) || 0) * length();
    };
    slider.addEventListener("pointerdown", (event) => {
      slider.setPointerCapture(event.pointerId);
      following = true;
      seek(to(event), false);
    });
    slider.addEventListener("pointermove", (event) => {
      if (slider.hasPointerCapture(event.pointerId)) seek(to(event), false);
    });
    slider.addEventListener("pointerup", () => address(audio.currentTime));
    slider.addEventListener("keydown", (event) => {
      const step = { ArrowRight: STEP_S, ArrowUp: STEP_S, ArrowLeft: -STEP_S, ArrowDown: -STEP_S, PageUp: 30, PageDown: -30 }[event.key];
      if (step !== undefined) seek(audio.currentTime + step, false);
      else if (event.key === "Home") seek(0, false);
      else if (event.key === "End") seek(length() - 1, false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
  for (const name of ["wheel", "touchmove"]) addEventListener(name, stopFollowing, { passive: true });
  addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "Home", "End"].includes(event.key)) stopFollowing();
  });
}

/** The silence that a line in the transcript tells of: from the end of the turn before to the start of the one after. */
function pauseBefore(line: HTMLElement): [number, number] {
  const after = Number((line.nextElementSibling?.querySelector(".s") as HTMLElement | null)?.dataset.t ?? Number.NaN);
  const before = line.previousElementSibling?.querySelectorAll<HTMLElement>(".s");
  return [Number(before?.[before.length - 1]?.dataset.u ?? Number.NaN), after];
}

for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
/** How tall the player is, for what stays in sight below it. */
function measure(): void {
  if (player) document.documentElement.style.setProperty("--player", `${player.offsetHeight}px`);
}
addEventListener("resize", () => {
  lanes?.draw();
  pins();
  measure();
});
document.addEventListener("callcoach:theme", () => lanes?.draw());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => lanes?.draw());

index();
measure();
const wanted = player?.dataset.at === undefined ? null : Number(player.dataset.at);
if (wanted !== null && audio) {
  seek(wanted - BEFORE_S, false);
  mark(place(wanted));
  const sentence = sentences[now];
  if (sentence) choose(sentence);
}
if (current) showCurrent(true);
document.documentElement.dataset.call = "ready";
