import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { PLAIN_STYLE, plainPage } from "#lib/core/plain-page.ts";

const STYLE_HASH = createHash("sha256").update(PLAIN_STYLE).digest("base64");

/** A short page for answers that no firm can be asked for: unknown hosts and refused requests. */
export function plainAnswer(response: ServerResponse, status: number, title: string, advice: string): void {
  // The style is let in by its hash: a nonce in the page would make the bytes differ from host to host.
  const policy = response.getHeader("content-security-policy");
  if (typeof policy === "string") {
    response.setHeader(
      "content-security-policy",
      policy.replace("style-src", `style-src 'sha256-${STYLE_HASH}'`),
    );
  }
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(plainPage({ title, body: `<p>${advice}</p>` }));
}
