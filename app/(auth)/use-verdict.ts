import { useEffect, useState } from "react";
import type { PasswordRules } from "#lib/policy/security-options.ts";
import type { Answer, Question } from "./password-judge.ts";

type Known = { rules: PasswordRules; words: string[] };

/** A pause in typing, so that neither the page nor a screen reader follows each key. */
const PAUSE_MS = 150;

/** What the judge says of the text in a field while it is typed. The server's verdict is the one that counts. */
export function useVerdict(field: string, { rules, words }: Known): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => watch(field, { rules, words }, setAnswer), [field, rules, words]);
  return answer;
}

/** The judge comes with the focus, and goes with the field. */
function watch(field: string, known: Known, show: (answer: Answer | undefined) => void) {
  const input = document.getElementById(field);
  if (!(input instanceof HTMLInputElement)) return undefined;
  const { signal, stop } = stoppable();
  let judge: Worker | undefined;
  let asked = 0;
  const load = () => {
    judge ??= startJudge((answer) => answer.number === asked && show(answer));
    return judge;
  };
  const ask = () => {
    asked += 1;
    if (input.value === "") return show(undefined);
    load().postMessage({ number: asked, password: input.value, ...known } satisfies Question);
  };
  const askLater = afterPause(ask, signal);
  input.addEventListener("focus", load, { signal });
  input.addEventListener("focus", askLater, { signal });
  input.addEventListener("input", askLater, { signal });
  // React empties the form after each answer; what was said of the old text goes with it.
  input.form?.addEventListener("reset", askLater, { signal });
  signal.addEventListener("abort", () => judge?.terminate());
  return stop;
}

function startJudge(hear: (answer: Answer) => void): Worker {
  const judge = new Worker(new URL("./password-judge.ts", import.meta.url));
  judge.onmessage = ({ data }: MessageEvent<Answer>) => hear(data);
  return judge;
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
