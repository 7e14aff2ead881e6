import { federate } from "../support/federate.ts";
import { filesIn } from "../support/files.ts";
import type { Database } from "./support/database.ts";
import { expect, test } from "./support/portal.ts";
import type { Visitor } from "./support/visitor.ts";
import { signInOnTheWire } from "./support/wire.ts";

const PASSWORD = /password|passphrase/i;

/** Every page of the signed-in portal; those about somebody are opened with the id of a person. */
const PAGES = filesIn("app/(portal)", /\/page\.tsx$/).map(
  (file) => file.replace("app/(portal)", "").replace("/page.tsx", "") || "/",
);

async function federated(database: Database, slug: string, username: string): Promise<string> {
  const [row] = await database<{ id: string }[]>`
    select id from members where username = ${username}
       and tenant_id = (select id from tenants where slug = ${slug})`;
  const id = row?.id ?? "";
  await federate(database, [id]);
  return id;
}

/** What a page says and links to, without the names of the scripts that it loads. */
const markupOf = (body: string) => body.replace(/<script[\s\S]*?<\/script>|<link[^>]*>/g, "");

async function pagesWithPasswords(visitor: Visitor, pages: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of pages) {
    const { body, status } = await visitor.ask(path);
    if (status >= 500) found.push(`${path}: ${status}`);
    const [word] = markupOf(body).match(/.{0,40}(?:password|passphrase).{0,40}/i) ?? [];
    if (word !== undefined) found.push(`${path}: ${word}`);
  }
  return found;
}

test("who signs in by the firm's identity provider meets no password on any page (004-02, E2)", async ({
  portal,
  firm,
  database,
}) => {
  test.setTimeout(240_000);
  for (const person of [firm.people.tom, firm.people.priya]) {
    const visitor = portal.visitor(firm.slug);
    await signInOnTheWire(visitor, person);
    const before = await visitor.ask("/account/password");
    expect(before.body, "the page that others have").toMatch(PASSWORD);
    const id = await federated(database, firm.slug, person.username);
    const pages = PAGES.map((path) => path.replace(/\[\w+\]/g, id));
    expect(await pagesWithPasswords(visitor, pages)).toEqual([]);
    expect((await visitor.ask("/account/password")).status).toBe(404);
  }
});

test("an administrator finds no password of somebody who has none here: not on a page, by no address, by no program (004-02, E2)", async ({
  portal,
  firm,
  database,
}) => {
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, firm.people.ada);
  const id = await federated(database, firm.slug, "tom");
  const about = ["profile", "activity", "delete"].map((tab) => `/members/${id}/${tab}`);
  expect(await pagesWithPasswords(visitor, [...about, `/settings/api-tokens/${id}`])).toEqual([]);
  const tab = await visitor.ask(`/members/${id}/password-and-security`);
  expect(tab.status).toBe(404);
  expect(markupOf(tab.body)).not.toMatch(PASSWORD);
  const endpoint = await visitor.ask(`/api/v1/members/${id}/security`);
  expect(endpoint.status).toBe(404);
  expect((await visitor.ask(`/settings/api-tokens/${id}`)).status, "API tokens are for everybody").toBe(200);
});
