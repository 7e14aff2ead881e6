"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import {
  endByClock,
  newer,
  type SessionEnds,
  type SessionStage,
  stageAt,
} from "#components/sessions/session-stage.ts";

/** What the pages of one browser tell each other. */
type Told = { ends: SessionEnds } | { over: Reason };

type Reason = "timed-out" | "session-over" | "signed-out";

/** Known at once, so that a page which was loaded later counts for all. */
type Known = { ends: SessionEnds; end: number };

export type SessionEnd = {
  stage: SessionStage;
  /** By this browser's clock, in milliseconds. */
  end: number;
  /** Keeps the session alive. False where the portal did not answer. */
  extend: () => Promise<boolean>;
  /** Tells the other pages that the session is being ended here. */
  announceSignOut: () => void;
};

/**
 * Watches when the session ends: what any page of this browser does counts for all of them. At the end the page gives way to
 * the sign-in.
 */
export function useSessionEnd(told: SessionEnds): SessionEnd {
  const [stage, setStage] = useState<SessionStage>("quiet");
  const known = useRef<Known>(undefined);
  const channel = useRef<BroadcastChannel>(undefined);

  const learn = useCallback((ends: SessionEnds) => {
    const latest = known.current ? newer(ends, known.current.ends) : ends;
    if (latest === ends) known.current = { ends, end: endByClock(ends, Date.now()) };
    setStage(stageNow(known.current));
  }, []);

  const tell = useCallback((message: Told) => channel.current?.postMessage(message), []);

  const extend = useCallback(async () => {
    const answer = await askForEnd();
    if (answer === "ended") leave("timed-out");
    if (typeof answer === "string") return answer === "ended";
    learn(answer);
    tell({ ends: answer });
    return true;
  }, [learn, tell]);

  useChannel(channel, learn);
  useEffect(() => {
    learn(told);
    tell({ ends: told });
  }, [told, learn, tell]);
  useClock(known, setStage);
  useActivity(extend);
  return { stage, end: known.current?.end ?? 0, extend, announceSignOut: () => tell({ over: "signed-out" }) };
}

const stageNow = (known: Known | undefined): SessionStage =>
  known ? stageAt(known.ends, known.end, Date.now()) : "quiet";

function useChannel(
  channel: React.RefObject<BroadcastChannel | undefined>,
  learn: (ends: SessionEnds) => void,
): void {
  useEffect(() => {
    const opened = new BroadcastChannel("session");
    channel.current = opened;
    opened.onmessage = ({ data }: MessageEvent<Told>) =>
      "ends" in data ? learn(data.ends) : void leaveOnceOver(data.over);
    return () => opened.close();
  }, [channel, learn]);
}

/** Looks each second, and when the page is looked at again: a machine that slept has missed its seconds. */
function useClock(known: React.RefObject<Known | undefined>, setStage: (stage: SessionStage) => void): void {
  useEffect(() => {
    const look = () => {
      const stage = stageNow(known.current);
      setStage(stage);
      if (stage === "over") {
        const ends = known.current?.ends;
        leave(ends?.endsAt === ends?.expiresAt ? "session-over" : "timed-out");
      }
    };
    const timer = setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [known, setStage]);
}

/** A form that is sent and leaves its page where it is has kept the session alive, of which the page knows nothing yet. */
function useActivity(extend: () => Promise<boolean>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void extend(), 3000);
    };
    document.addEventListener("submit", note);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("submit", note);
    };
  }, [extend]);
}

async function askForEnd(): Promise<SessionEnds | "ended" | "away"> {
  try {
    const answer = await fetch("/api/v1/session", { headers: { accept: "application/json" } });
    if (answer.status === 401) return "ended";
    const { session } = (await answer.json()) as { session?: SessionEnds | null };
    return answer.ok && session ? session : "away";
  } catch {
    return "away";
  }
}

const TRIES = 10;
const BETWEEN_TRIES = 500;

/** The page that ends the session says so as it sends it: until it has ended, the sign-in would lead back here. */
async function leaveOnceOver(reason: Reason): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if ((await askForEnd()) === "ended") return leave(reason);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
  }
}

/** To the sign-in, which says why, and back here after it. What was typed is gone: nothing asks whether to stay. */
function leave(reason: Reason): void {
  window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), { capture: true });
  const here = `${location.pathname}${location.search}`;
  location.assign(`/sign-in?done=${reason}&next=${encodeURIComponent(here)}`);
}
