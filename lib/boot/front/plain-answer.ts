import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
main { max-inline-size: 27rem; margin: 18vh auto 0; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

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
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
<p>${advice}</p>
</main>
</html>
`);
}
