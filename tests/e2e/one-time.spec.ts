import { location } from "./support/http.ts";
import { expect, test } from "./support/portal.ts";
import { aPassword } from "./support/steps.ts";
import { askForReset, auditOf, openLink, signInOnTheWire } from "./support/wire.ts";

const PARALLEL = 50;

test("of 50 parallel redemptions of one reset link through two processes one succeeds and 49 are refused (B2, REL5)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  const { marta } = firm.people;
  await askForReset(portal.visitor(firm.slug), marta.email);
  const { link, code } = await portal.emailTo(marta.email, { at: firm.slug });
  const racers = Array.from({ length: PARALLEL }, (_, index) => ({
    password: aPassword(),
    port: facts.ports[index % facts.ports.length],
    visitor: portal.visitor(firm.slug),
  }));
  const page = await openLink(portal.visitor(firm.slug), link);
  const token = link.split("/").at(-1) ?? "";

  const answers = await Promise.all(
    racers.map(({ visitor, password, port }) => {
      visitor.cookies.set("__Host-reset", token);
      return visitor.post("/reset-password", page.body, {
        form: "Choose a new password",
        fill: { code, newPassword: password, confirmPassword: password },
        port,
      });
    }),
  );

  const outcomes = answers.map((answer) => `${answer.status} ${location(answer)}`);
  expect(outcomes.filter((outcome) => outcome === "303 /sign-in?done=password-reset")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "303 /reset-password")).toHaveLength(PARALLEL - 1);

  const events = await auditOf(database, firm.slug);
  expect(events.filter(({ event }) => event === "password_reset.completed")).toHaveLength(1);
  expect(events.filter(({ reason }) => reason === "link_used")).toHaveLength(PARALLEL - 1);
  const [sessions] = await database`
    select count(*)::int as number from sessions
     where tenant_id = (select id from tenants where slug = ${firm.slug})`;
  expect(sessions?.number, "a reset signs nobody in (S4)").toBe(0);

  const winner = racers[outcomes.indexOf("303 /sign-in?done=password-reset")];
  await signInOnTheWire(portal.visitor(firm.slug), { ...marta, password: winner?.password ?? "" });
});

test("of 200 parallel wrong codes through two processes no more than the budget of five is judged (B4, REL6, SEC21)", async ({
  portal,
  facts,
  firm,
  database,
}) => {
  test.setTimeout(120_000);
  const { priya } = firm.people;
  await askForReset(portal.visitor(firm.slug), priya.email);
  const { link, code } = await portal.emailTo(priya.email, { at: firm.slug });
  const page = await openLink(portal.visitor(firm.slug), link);
  const wrong = code === "123456" ? "654321" : "123456";
  const password = aPassword();

  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const visitor = portal.visitor(firm.slug);
      visitor.cookies.set("__Host-reset", link.split("/").at(-1) ?? "");
      return visitor.post("/reset-password", page.body, {
        form: "Choose a new password",
        fill: { code: wrong, newPassword: password, confirmPassword: password },
        port: facts.ports[index % facts.ports.length],
        headers: { "x-forwarded-for": `192.0.2.${index % 20}` },
      });
    }),
  );
  expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
  const events = await auditOf(database, firm.slug);
  expect(events.filter(({ reason }) => reason === "wrong_code")).toHaveLength(5);
  await signInOnTheWire(portal.visitor(firm.slug), priya);
});
