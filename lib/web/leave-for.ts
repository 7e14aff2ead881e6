import "server-only";
import { requestStamp } from "./request.ts";

/** Where an identity provider is to be asked: at an address, or by a form that is posted there. */
export type Leave = { location: string } | { post: string; fields: Record<string, string> };

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
main { max-inline-size: 27rem; margin: 18vh auto 0; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; }
`;

/**
 * A page that goes on to an identity provider at once, and by a press where the browser does not. A redirect would not do:
 * Chromium holds it to the `form-action` of the page whose button was pressed.
 */
export async function leaveFor(name: string, leave: Leave, cookies: string[] = []): Promise<Response> {
  const { nonce } = await requestStamp();
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(pageOf(text(name), leave, nonce), { headers });
}

function pageOf(name: string, leave: Leave, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${"location" in leave ? `<meta http-equiv="refresh" content="0;url=${text(leave.location)}">` : ""}
<title>Going to ${name}</title>
<style nonce="${nonce}">${STYLE}</style>
<main>
<h1>Going to ${name} …</h1>
${"location" in leave ? link(name, leave.location) : form(name, leave, nonce)}
</main>
</html>
`;
}

function link(name: string, location: string): string {
  return `<p><a href="${text(location)}">Continue to ${name}</a></p>`;
}

function form(name: string, leave: Extract<Leave, { post: string }>, nonce: string): string {
  const inputs = Object.entries(leave.fields).map(
    ([field, value]) => `<input type="hidden" name="${text(field)}" value="${text(value)}">`,
  );
  return `<form method="post" action="${text(leave.post)}">
${inputs.join("\n")}
<p><button type="submit">Continue to ${name}</button></p>
</form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
}

/** Text that stays text in markup and in attributes. */
function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
