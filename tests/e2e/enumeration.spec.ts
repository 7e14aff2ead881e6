import { federate } from "../support/federate.ts";
import { comparable } from "./support/comparable.ts";
import type { Database } from "./support/database.ts";
import { aFirm, type Firm } from "./support/firm.ts";
import { expect, type Portal, test } from "./support/portal.ts";
import { aPassword } from "./support/steps.ts";
import type { Visitor } from "./support/visitor.ts";
import { askForReset } from "./support/wire.ts";

type Named = { username: string; email: string };

/** Everything that anybody may do with a name, as a browser without scripts does it. Gives all answers on the way. */
const WORKS: Record<string, (visitor: Visitor, name: Named) => Promise<unknown[]>> = {
  async "sign-in"(visitor, { username }) {
    const fill = { identifier: username, password: aPassword() };
    return [await visitor.submit("/sign-in", { form: "Sign in", fill })];
  },
  async "forgot-password"(visitor, { username }) {
    const form = "Reset your password";
    const described = await visitor.submit("/forgot-password", { form, fill: { identifier: username } });
    const sent = await visitor.post("/forgot-password", described.body, {
      form,
      press: "Send Password Reset",
    });
    return [described, sent, await visitor.open("/forgot-password?sent")];
  },
  async "re-request"(visitor, { email }) {
    return [await askForReset(visitor, email), await visitor.open("/forgot-password?sent")];
  },
  async "forgot-username"(visitor, { email }) {
    const form = { form: "Send your username", fill: { email } };
    return [await visitor.submit("/forgot-username", form), await visitor.open("/forgot-username?sent")];
  },
  async "no-mailbox"(visitor, { username }) {
    const fill = { identifier: username, reachableAt: "+44 20 7946 0000" };
    const form = { form: "Ask your firm", fill };
    return [await visitor.submit("/no-mailbox", form), await visitor.open("/no-mailbox?sent")];
  },
};

test.describe("known, unknown, locked, disabled, frozen, federated: same bytes, headers and cookies (B1, SEC11, A6)", () => {
  for (const [work, run] of Object.entries(WORKS)) {
    test(`at ${work}`, async ({ portal, firm, database }) => {
      const names = await sixStates(firm, database);
      const answers: Record<string, unknown> = {};
      for (const [index, [state, name]] of Object.entries(names).entries()) {
        // Each from a place of its own: what one source may ask is limited for all names alike.
        const found = await run(portal.visitor(firm.slug, { source: `198.51.100.${index}` }), name);
        answers[state] = found.map((answer) =>
          comparable(answer as Parameters<typeof comparable>[0], name.email, name.username),
        );
      }
      for (const [state, answer] of Object.entries(answers)) expect(answer, state).toEqual(answers.known);
      expect(Object.keys(answers)).toHaveLength(6);
    });
  }
});

test("at a sign-in the one refusal says that a reset opens a locked account (000-18, 000-19, C8)", async ({
  portal,
  firm,
}) => {
  const fill = { identifier: "zora", password: aPassword() };
  const { body } = await portal.visitor(firm.slug).submit("/sign-in", { form: "Sign in", fill });
  expect(body).toContain("which also opens a locked account");
});

/** Pages behind a mailed link, by the cookie that its token is kept in. */
const LINKS = {
  "/reset-password": "__Host-reset",
  "/invitation": "__Host-invitation",
  "/not-me": "__Host-freeze",
  "/address-hold": "__Host-hold",
  "/lost-device": "__Host-lost-device",
  "/factor-hold": "__Host-factor-hold",
  "/confirm-email": "__Host-email-change",
  "/email-undo": "__Host-email-undo",
};

test("a made-up token and one of another firm get the same bytes, headers and cookies, at each page and link (A1, B1)", async ({
  portal,
  firm,
}) => {
  const tokens = ["A".repeat(43), await aForeignToken(portal)];
  for (const [path, cookie] of Object.entries(LINKS)) {
    const pages = tokens.map(async (token) => {
      const visitor = portal.visitor(firm.slug);
      visitor.cookies.set(cookie, token);
      return comparable(await visitor.ask(path), token);
    });
    const [made, foreign] = await Promise.all(pages);
    expect(foreign, path).toEqual(made);
    expect(made?.body, path).toContain("This link does not work");

    const links = tokens.map(async (token) =>
      comparable(await portal.visitor(firm.slug).ask(`${path}/${token}`), token),
    );
    const [toMade, toForeign] = await Promise.all(links);
    expect(toForeign, `the link to ${path}`).toEqual(toMade);
    expect(toMade?.status).toBe(303);
  }
});

/** A live token, of a firm of its own. */
async function aForeignToken(portal: Portal): Promise<string> {
  const other = await aFirm(portal.facts);
  const { email } = other.people.marta;
  await askForReset(portal.visitor(other.slug), email);
  const { link } = await portal.emailTo(email, { at: other.slug });
  return link.split("/").at(-1) ?? "";
}

/** Six names of one length and shape, each of another state. */
async function sixStates(firm: Firm, database: Database): Promise<Record<string, Named>> {
  const states = ["known", "locked", "disabled", "frozen", "federated"];
  const people = ["ada", "alan", "ravi", "tom", "marta"];
  const [tenant] = await database`select id from tenants where slug = ${firm.slug}`;
  const id = tenant?.id as string;
  for (const [index, state] of states.entries()) {
    const { username, email } = namedAs(state);
    await database`
      update members set username = ${username}, username_key = ${username}, email = ${email}, email_key = ${email}
       where tenant_id = ${id} and split_part(email, '@', 1) = ${people[index] ?? ""}`;
  }
  const keyOf = (state: string) => namedAs(state).username;
  await database`update members set status = 'disabled' where tenant_id = ${id} and username = ${keyOf("disabled")}`;
  await database`update members set frozen_at = now() where tenant_id = ${id} and username = ${keyOf("frozen")}`;
  const [federal] = await database<{ id: string }[]>`
    select id from members where tenant_id = ${id} and username = ${keyOf("federated")}`;
  await federate(database, [federal?.id ?? ""]);
  await database`
    insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
    select tenant_id, id, '*', 100, now() from members where tenant_id = ${id} and username = ${keyOf("locked")}`;
  return Object.fromEntries(["known", "unknown", ...states].map((state) => [state, namedAs(state)]));
}

function namedAs(state: string): Named {
  const username = `is-${state}`;
  return { username, email: `${username}@staff.example` };
}
