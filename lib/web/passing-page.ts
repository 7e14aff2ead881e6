import "server-only";

type Passing = { title: string; body: string; nonce: string; head?: string };

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
main { max-inline-size: 27rem; margin: 18vh auto 0; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; }
`;

/** A page that is there for a moment, on the way to another one. Title, body and head are markup. */
export function passingPage({ title, body, nonce, head = "" }: Passing, cookies: string[] = []): Response {
  const headers = new Headers({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${head}
<title>${title}</title>
<style nonce="${nonce}">${STYLE}</style>
<main>
<h1>${title} …</h1>
${body}
</main>
</html>
`;
  return new Response(page, { headers });
}

type Posting = { to: string; fields: Record<string, string>; button: string; nonce: string };

/** A form that posts itself, and by a press where the browser runs no scripts. */
export function postingForm({ to, fields, button, nonce }: Posting): string {
  const inputs = Object.entries(fields).map(
    ([field, value]) => `<input type="hidden" name="${text(field)}" value="${text(value)}">`,
  );
  return `<form method="post" action="${text(to)}">
${inputs.join("\n")}
<p><button type="submit">${text(button)}</button></p>
</form>
<script nonce="${nonce}">document.forms[0].submit()</script>`;
}

/** Text that stays text in markup and in attributes. */
export function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
