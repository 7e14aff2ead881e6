import { DEMO_PEOPLE, type DemoProviderPerson } from "#db/seeds/demo-provider.ts";

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
main { max-inline-size: 27rem; margin: 12vh auto 0; padding: 1.5rem; }
h1 { font-size: 1.375rem; line-height: 1.3; }
button { display: block; inline-size: 100%; margin-block: .5rem; padding: .75rem 1rem; font: inherit; text-align: start; }
`;

/** Who somebody is here. No passwords: it exists on this machine, for trying the portal. */
export function signInPage(action: string, people = DEMO_PEOPLE): string {
  return page(
    "Demo identity provider",
    `<p>A provider for trying single sign-on. It believes whatever is pressed here.</p>
<form method="post" action="${action}">${people.map(button).join("\n")}</form>`,
  );
}

function button({ subject, name, email }: DemoProviderPerson): string {
  return `<button name="person" value="${subject}">Sign in as ${name}<br><small>${email}</small></button>`;
}

/** A page of the demo providers; what stands in it is our own. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${body}
</main>
</html>
`;
}
