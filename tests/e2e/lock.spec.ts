import { proofSize, reportFigure } from "#tests/support/size.ts";
import { expect, test } from "./support/portal.ts";
import type { Visitor } from "./support/visitor.ts";
import { signInOnTheWire } from "./support/wire.ts";

const PLACES = 20;
const TRIES_FROM_EACH = 10;

test("of 200 parallel wrong passwords through two processes no more than the budget is judged, and the owner's browser still gets in (C8, REL6, X3)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  test.setTimeout(120_000);
  const { marta } = firm.people;
  const owner = portal.visitor(firm.slug);
  await signInOnTheWire(owner, marta);
  owner.cookies.delete("__Host-session");
  expect([...owner.cookies.keys()], "the browser is known from now on").toContain("__Host-device");

  const stranger = portal.visitor(firm.slug);
  const tries = Array.from({ length: PLACES * TRIES_FROM_EACH }, (_, index) =>
    wrongTry(stranger, marta.email, `192.0.2.${index % PLACES}`, facts.ports[index % facts.ports.length]),
  );
  const answers = await Promise.all(tries);
  expect(answers.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([]);

  const judged = await database<{ source: string; tries: number }[]>`
    select source, count(*)::int as tries from audit_events
     where tenant_id = (select id from tenants where slug = ${firm.slug})
       and event = 'sign_in.refused' and reason = 'wrong_password' group by source`;
  const total = judged.reduce((sum, { tries }) => sum + tries, 0);
  expect(total, "judged in all").toBeLessThanOrEqual(100);
  for (const { source, tries } of judged) expect(tries, source).toBeLessThanOrEqual(10);

  await database`delete from rate_limits where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  const elsewhere = portal.visitor(firm.slug);
  const refused = await elsewhere.ask("/api/v1/sessions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ identifier: marta.email, password: marta.password }),
  });
  const open = total < 100 ? [201, 401] : [401];
  expect(open, "a stranger's browser, even with the right password").toContain(refused.status);
  await signInOnTheWire(owner, marta);
});

const SOURCES = proofSize(10, 500);
const TRIES = proofSize(200, 10_000);

test("thousands of wrong tries from hundreds of sources do not keep the owner's browser out (C8, X3)", {
  tag: "@prove-C8",
}, async ({ portal, facts, firm }) => {
  test.setTimeout(proofSize(120_000, 40 * 60_000));
  const { priya } = firm.people;
  const owner = portal.visitor(firm.slug);
  await signInOnTheWire(owner, priya);
  owner.cookies.delete("__Host-session");

  const statuses = new Map<number, number>();
  for (let begun = 0; begun < TRIES; begun += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => {
      const source = (begun + index) % SOURCES;
      const address = `198.18.${Math.floor(source / 250)}.${1 + (source % 250)}`;
      return wrongTry(
        portal.visitor(firm.slug),
        priya.email,
        address,
        facts.ports[index % facts.ports.length],
      );
    });
    for (const { status } of await Promise.all(batch)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  expect([...statuses.keys()].filter((status) => ![401, 429].includes(status))).toEqual([]);
  await signInOnTheWire(owner, priya);
  reportFigure("C8", "wrong tries", TRIES);
  reportFigure("C8", "sources", SOURCES);
  reportFigure("C8", "answered as wrong", statuses.get(401) ?? 0);
});

const BATCH = 20;

function wrongTry(stranger: Visitor, identifier: string, source: string, port: number | undefined) {
  const headers = { "content-type": "application/json", "x-forwarded-for": source };
  const body = JSON.stringify({ identifier, password: "not-the-password" });
  return stranger.ask("/api/v1/sessions", { method: "POST", headers, body }, port);
}
