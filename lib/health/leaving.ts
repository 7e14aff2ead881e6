import { processSingleton } from "#lib/core/process.ts";

const state = () => processSingleton("leaving", () => ({ isLeaving: false }));

/** This process answers what it has begun and takes nothing new: from now on it says that it is not ready. */
export function beginLeaving(): void {
  state().isLeaving = true;
}

export function isLeaving(): boolean {
  return state().isLeaving;
}
