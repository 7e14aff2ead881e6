import { describe, expect, test } from "vitest";
import type { Tenant } from "#lib/core/context.ts";
import { firmOrigin } from "#lib/tenancy/origin.ts";
import { isFromOwnPage, postAgain } from "#lib/web/post-again.ts";

const FIRM = { slug: "firm-1" } as Tenant;
const ACS = `${firmOrigin(FIRM.slug)}/api/saml/a-connection/acs`;

const request = (headers: Record<string, string>) => new Request(ACS, { method: "POST", headers });

describe("what a provider's page posts out of another site is not taken as it comes (SEC44):", () => {
  test.each<[string, Record<string, string>, boolean]>([
    ["a browser says that it is another site's", { "sec-fetch-site": "cross-site" }, false],
    ["a provider on the same domain", { "sec-fetch-site": "same-site", origin: firmOrigin("idp") }, false],
    ["an origin that is another site's", { origin: "https://idp.example" }, false],
    ["an origin that is not said", { origin: "null" }, false],
    ["nothing that says where from", {}, false],
    ["another firm's page", { origin: firmOrigin("firm-2") }, false],
    ["a page of this firm's portal", { origin: firmOrigin(FIRM.slug) }, true],
    ["one that sends no referrer", { origin: "null", "sec-fetch-site": "same-origin" }, true],
  ])("%s: %o", (_, headers, isOwn) => {
    expect(isFromOwnPage(request(headers), FIRM)).toBe(isOwn);
  });
});

test("a page of ours posts the same fields to the same place, by its own script or a press, and nothing keeps it", async () => {
  const fields = { SAMLResponse: "PHNhbWxwOlJlc3BvbnNlPg==", RelayState: `"><script>alert('1')</script>` };
  const response = postAgain(request({}), fields, "the-nonce");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.getSetCookie()).toEqual([]);
  const page = await response.text();
  expect(page).toContain('<form method="post" action="/api/saml/a-connection/acs">');
  expect(page).toContain('<input type="hidden" name="SAMLResponse" value="PHNhbWxwOlJlc3BvbnNlPg==">');
  expect(page).toContain(
    'name="RelayState" value="&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;"',
  );
  expect(page).toContain('<button type="submit">Continue</button>');
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('<script nonce="the-nonce">document.forms[0].submit()</script>');
});
