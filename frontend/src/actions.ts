// Every shortcut of a letter, digit or sign that scripts give: what it does, where, and its key unless somebody chose another.
// Space, Enter, Escape, arrows and Ctrl keep their meaning everywhere and are not in here.

/** The pages on which shortcuts are there together, so that one key cannot do two things. */
export type Place = "everywhere" | "call" | "queue" | "calibration" | "workbench";

export interface Action {
  readonly key: string;
  readonly label: string;
  /** Heading under which it is listed. */
  readonly scope: string;
  readonly place: Place;
}

function at(place: Place, scope: string, rows: Record<string, readonly [key: string, label: string]>): [string, Action][] {
  return Object.entries(rows).map(([id, [key, label]]) => [id, { key, label, scope, place }]);
}

const VERDICTS = ["explains", "partial", "recites", "facts only", "stumbles"];
const NUMBERS = ["0", "1", "2", "3", "4", "5", "6", "7"];

export const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ...at("everywhere", "Everywhere", { help: ["?", "Show these shortcuts"] }),
  ...at("call", "Player", {
    "call.play": ["k", "Play or pause"],
    "call.back": ["j", "Back 5 seconds"],
    "call.on": ["l", "On 5 seconds"],
    "call.slower": ["[", "Slower"],
    "call.faster": ["]", "Faster"],
    "call.next": ["n", "Next evidence"],
    "call.before": ["p", "Evidence before"],
  }),
  ...at("call", "Judgement", {
    "call.agree": ["a", "Agree"],
    "call.correct": ["d", "Disagree: correct, with a reason"],
    ...Object.fromEntries(VERDICTS.map((verdict, place) => [`call.verdict.${place + 1}`, [String(place + 1), `Correct to “${verdict}”`] as const])),
    "call.comment": ["c", "Comment on this moment"],
    "call.undo": ["u", "Undo what was just done"],
  }),
  ...at("call", "Review queue", {
    "beside.next": ["q n", "Next call of the queue"],
    "beside.before": ["q p", "Call before in the queue"],
    "beside.back": ["q q", "Back to the queue"],
  }),
  ...at("queue", "Review queue", {
    "queue.next": ["j", "Next call"],
    "queue.before": ["k", "Call before"],
    "queue.select": ["x", "Select or leave the call"],
    "queue.dismiss": ["d", "Dismiss what is selected: give a reason, then Enter"],
    "queue.undo": ["u", "Undo"],
    "queue.page.next": ["]", "Next page"],
    "queue.page.before": ["[", "Page before"],
    "queue.filters": ["f", "Go to the filters"],
  }),
  ...at("calibration", "Label a call", {
    ...Object.fromEntries(NUMBERS.map((key) => [`label.${key}`, [key, `Answer ${key} of the marked question`] as const])),
    "label.y": ["y", "Yes"],
    "label.n": ["n", "No"],
    "label.u": ["u", "Unclear"],
    "label.comment": ["c", "Write a comment"],
    "label.quote": ["q", "Take the selected words as what decided it"],
    "label.before": ["[", "Call before"],
  }),
  ...at("workbench", "Workbench", {
    "workbench.text": ["e", "Write in the text"],
    "workbench.wall": ["w", "Write the wall"],
  }),
]);
