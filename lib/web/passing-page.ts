import "server-only";
import { markupText } from "#lib/core/markup.ts";
import { plainPage } from "#lib/core/plain-page.ts";

type Passing = { title: string; body: string; nonce: string; head?: string };

/** A page that is there for a moment, on the way to another one. Title, body and head are markup. */
export function passingPage({ title, body, nonce, head }: Passing, cookies: string[] = []): Response {
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  const page = plainPage({ title, heading: `${title} …`, body, nonce, head });
  return new Response(page, { headers });
}

type Posting = { to: string; fields: Record<string, string>; button: string; nonce: string };

/** A form that posts itself, and by a press where the browser runs no scripts. */
export function postingForm({ to, fields, button, nonce }: Posting): string {
  const inputs = Object.entries(fields).map(
    ([field, value]) => `<input type="hidden" name="${markupText(field)}" value="${markupText(value)}">`,
  );
  return `<form method="post" action="${markupText(to)}">
${inputs.join("\n")}
<p><button type="submit">${markupText(button)}</button></p>
</form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
}
