import type { ServerResponse } from "node:http";

/** A short page for answers that no firm can be asked for: unknown hosts and refused requests. */
export function plainAnswer(response: ServerResponse, status: number, title: string, advice: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  response.end(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<h1>${title}</h1>
<p>${advice}</p>
</html>
`);
}
