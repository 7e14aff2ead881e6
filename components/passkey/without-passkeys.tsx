"use client";

import { useScripted } from "#components/form/use-scripted.ts";

/** Where a page is about passkeys: what to do in a browser, or without the scripts, that cannot make one. */
export function WithoutPasskeys() {
  if (useScripted() && "PublicKeyCredential" in window) return null;
  return (
    <p data-without-passkeys className="text-ink-muted">
      This takes a browser that knows passkeys, with JavaScript switched on.
    </p>
  );
}
