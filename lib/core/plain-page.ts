/** The same bytes in each page: a policy may let them in by their hash. */
export const PLAIN_STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
main { max-inline-size: 27rem; margin: 18vh auto 0; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; }
`;

type Plain = { title: string; heading?: string; body: string; head?: string; nonce?: string };

/** A short page that no layout of the product stands around. All that it is made from is markup. */
export function plainPage({ title, heading = title, body, head = "", nonce }: Plain): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
${head}
<title>${title}</title>
<style${nonce === undefined ? "" : ` nonce="${nonce}"`}>${PLAIN_STYLE}</style>
<main>
<h1>${heading}</h1>
${body}
</main>
</html>
`;
}
