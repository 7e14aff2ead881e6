import type { Answer, Question } from "../password-judge.ts";
import { make, unseen } from "./make-element.ts";

/** A pause in typing, so that neither the page nor a screen reader follows each key. */
const PAUSE_MS = 150;

/**
 * Shows in a guide what the judge says of the password in its field while it is typed. The server's verdict is the one that
 * counts. The judge comes with the focus; gives what lets it go.
 */
export function followPassword(guide: HTMLElement, startJudge: () => Worker): () => void {
  const field = document.getElementById(guide.dataset.guide ?? "");
  if (!(field instanceof HTMLInputElement)) return () => {};
  const { signal, stop } = stoppable();
  const show = makeBoard(guide);
  let judge: Worker | undefined;
  let asked = 0;
  const load = () => {
    judge ??= listen(startJudge(), (answer) => answer.number === asked && show(answer));
    return judge;
  };
  const ask = () => {
    asked += 1;
    if (field.value === "") return show(undefined);
    load().postMessage({ number: asked, password: field.value, ...knownTo(guide) } satisfies Question);
  };
  const askLater = afterPause(ask, signal);
  field.addEventListener("focus", load, { signal });
  field.addEventListener("focus", askLater, { signal });
  field.addEventListener("input", askLater, { signal });
  // React empties the form after each answer; what was said of the old text goes with it.
  field.form?.addEventListener("reset", askLater, { signal });
  signal.addEventListener("abort", () => judge?.terminate());
  return stop;
}

function listen(judge: Worker, hear: (answer: Answer) => void): Worker {
  judge.onmessage = ({ data }: MessageEvent<Answer>) => hear(data);
  return judge;
}

/** The firm's rules, and the names that a password must not be built from, as the guide carries them. */
function knownTo({ dataset }: HTMLElement): Pick<Question, "rules" | "words"> {
  return { rules: JSON.parse(dataset.rules ?? "{}"), words: JSON.parse(dataset.words ?? "[]") };
}

type Show = (answer: Answer | undefined) => void;

function makeBoard(guide: HTMLElement): Show {
  const showStrength = makeMeter(guide);
  const lines = [...guide.querySelectorAll<HTMLElement>("[data-need]")].map(makeLine);
  return (answer) => {
    showStrength(answer);
    for (const show of lines) show(answer);
  };
}

/** It keeps its place while nothing is typed. */
function makeMeter(guide: HTMLElement): Show {
  const meter = make("meter", { "aria-hidden": "true" });
  const status = make("span", { role: "status" });
  guide.querySelector(".strength")?.replaceChildren(meter, status);
  const show: Show = (answer) => {
    const { step, least, steps } = answer?.scale ?? { step: 0, least: 1, steps: 5 };
    Object.assign(meter, { min: 0, max: steps, low: least, high: Math.max(least, steps - 1) });
    Object.assign(meter, { optimum: steps, value: step });
    status.replaceChildren(...(answer ? wordsFor(answer.verdict) : ["Strength"]));
  };
  show(undefined);
  return show;
}

function wordsFor({ strength, checks, failures }: Answer["verdict"]): (Node | string)[] {
  return [
    make("span", {}, `Strength: ${strength}`),
    checks.length === 0 ? ` · ${failures[0]}` : "",
    unseen(failures.length === 0 ? ". All met." : `. Not met yet: ${failures.length}.`),
  ];
}

const STATES = {
  open: { sign: "M8 8h.01", words: "" },
  met: { sign: "M3 8.5l3.5 3.5 6.5-7.5", words: ": met" },
  missed: { sign: "M4.5 4.5l7 7M11.5 4.5l-7 7", words: ": not met yet" },
};

/** A line is open while nobody has judged it, and stays so where only the server can. */
function makeLine(line: HTMLElement): Show {
  const note = unseen("");
  line.lastElementChild?.append(note);
  return (answer) => {
    const check = answer?.verdict.checks.find(({ id }) => id === line.dataset.need);
    const { sign, words } = STATES[check === undefined ? "open" : check.met ? "met" : "missed"];
    if (check) line.dataset.met = String(check.met);
    else delete line.dataset.met;
    line.querySelector("path")?.setAttribute("d", sign);
    note.textContent = words;
  };
}

function stoppable() {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}

function afterPause(work: () => void, signal: AbortSignal) {
  let pause: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(pause));
  return () => {
    clearTimeout(pause);
    pause = setTimeout(work, PAUSE_MS);
  };
}
