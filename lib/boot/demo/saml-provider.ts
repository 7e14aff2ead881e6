import type { IncomingMessage, ServerResponse } from "node:http";
import { DEMO_SAML_PEOPLE } from "#db/seeds/demo-provider.ts";
import { attributeOf, optionalChild, textOf } from "#lib/auth/sso/saml/elements.ts";
import { SAML } from "#lib/auth/sso/saml/names.ts";
import type { OwnKey } from "#lib/auth/sso/saml/own-key.ts";
import { readRedirected } from "#lib/auth/sso/saml/read-xml.ts";
import { markupText } from "#lib/core/markup.ts";
import { placeOfHost } from "#lib/tenancy/origin.ts";
import type { DemoProvider } from "../demo-providers.ts";
import { demoMetadata, demoSamlAnswer, demoSamlLogout } from "./saml-messages.ts";
import { HTML, page, postedForm, signInPage } from "./sign-in-page.ts";

/** A SAML provider for the demo, for every firm of this portal (DEC18). It asks who somebody is, and keeps nothing. */
export function demoSamlProvider(origin: string, key: OwnKey): DemoProvider {
  const provider = { origin, key };
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", origin);
    try {
      if (pathname === "/metadata") answer(response, demoMetadata(provider), "application/samlmetadata+xml");
      else if (pathname === "/sso") await signIn(provider, request, response, searchParams);
      else if (pathname === "/slo") signOut(provider, response, searchParams);
      else response.writeHead(404).end();
    } catch {
      response
        .writeHead(400, HTML)
        .end(page("Demo identity provider", "<p>This request cannot be read.</p>"));
    }
  };
}

export type DemoSaml = { origin: string; key: OwnKey };

async function signIn(
  provider: DemoSaml,
  request: IncomingMessage,
  response: ServerResponse,
  asked: URLSearchParams,
): Promise<void> {
  const { root } = readRedirected(asked.get("SAMLRequest") ?? "");
  const acsUrl = attributeOf(root, "AssertionConsumerServiceURL") ?? "";
  if (!isOfPortal(acsUrl)) throw new Error("Not of this portal.");
  if (request.method !== "POST") {
    const action = `/saml/sso?${asked}`;
    return answer(response, signInPage(markupText(action), DEMO_SAML_PEOPLE));
  }
  const chosen = (await postedForm(request)).get("person");
  const person = DEMO_SAML_PEOPLE.find(({ subject }) => subject === chosen);
  if (!person) throw new Error("Nobody of that name.");
  const xml = demoSamlAnswer(provider, person, {
    acsUrl,
    audience: issuerOf(root),
    requestId: attributeOf(root, "ID") ?? "",
  });
  const relayState = asked.get("RelayState") ?? "";
  answer(
    response,
    goingOn(acsUrl, { SAMLResponse: Buffer.from(xml).toString("base64"), RelayState: relayState }),
  );
}

/** There is no session here to end: it says that it is done. */
function signOut(provider: DemoSaml, response: ServerResponse, asked: URLSearchParams): void {
  const { root } = readRedirected(asked.get("SAMLRequest") ?? "");
  const location = issuerOf(root).replace(/\/metadata$/, "/logout");
  if (!isOfPortal(location)) throw new Error("Not of this portal.");
  const requestId = attributeOf(root, "ID") ?? "";
  response.writeHead(303, { location: demoSamlLogout(provider, { location, requestId }) }).end();
}

function issuerOf(root: Element): string {
  const issuer = optionalChild(root, SAML, "Issuer", "wrong_issuer");
  return issuer ? textOf(issuer, "wrong_issuer") : "";
}

/** Any firm of this very portal. */
function isOfPortal(text: string): boolean {
  const place = URL.canParse(text) ? placeOfHost(new URL(text).host) : undefined;
  return (
    place !== undefined &&
    "slug" in place &&
    /^\/api\/saml\/[\w-]+\/(?:acs|logout)$/.test(new URL(text).pathname)
  );
}

/** A page that posts these at once, or by a press. */
function goingOn(action: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${markupText(value)}">`,
  );
  const form = `<form method="post" action="${markupText(action)}">${inputs.join("")}<button>Continue</button></form>`;
  return page("Demo identity provider", `${form}<script>document.forms[0].submit()</script>`);
}

function answer(response: ServerResponse, body: string, type = HTML["content-type"]): void {
  response.writeHead(200, { ...HTML, "content-type": type }).end(body);
}
