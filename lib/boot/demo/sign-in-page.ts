import type { IncomingMessage } from "node:http";
import { DEMO_PEOPLE, type DemoProviderPerson } from "#db/seeds/demo-provider.ts";
import { plainPage } from "#lib/core/plain-page.ts";

const BUTTONS =
  "button { display: block; inline-size: 100%; margin-block: .5rem; padding: .75rem 1rem; font: inherit; text-align: start; }";

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
  return plainPage({ title, body, head: `<style>${BUTTONS}</style>` });
}

/** What every page of theirs goes with. */
export const HTML = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };

/** The form that such a page has posted. */
export async function postedForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = "";
  for await (const chunk of request) if (body.length < 10_000) body += chunk;
  return new URLSearchParams(body);
}
