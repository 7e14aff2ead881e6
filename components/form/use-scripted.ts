import { useSyncExternalStore } from "react";

const never = () => () => {};

/** True once JavaScript runs here: what needs it appears then, and not before. */
export function useScripted() {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
