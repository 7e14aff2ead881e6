import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { ACCESS_STATES } from "#lib/policy/access-state.ts";
import { accessReport } from "#lib/reports/access-report.ts";
import { clock } from "#tests/support/clock.ts";
import { actingWith } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { aHistory, aScene, auditLogOf, happen, type Scene, type Step } from "#tests/support/histories.ts";
import { statesByAuditLog } from "#tests/support/oracle.ts";
import { proofSize, reportFigure } from "#tests/support/size.ts";

const HISTORIES = proofSize(100, 1000);
const LONGEST = 14;
const LONG_ENOUGH = proofSize(30 * MINUTE, 3 * HOUR);

type States = (string | undefined)[];

/** What the report says of each person. */
async function reported({ tenant, people }: Scene): Promise<States> {
  const reader = actingWith(tenant, "reports:read", "members:read", "clients:read");
  const { rows } = await accessReport(reader, {});
  return people.map(({ id }) => rows.find((row) => row.id === id)?.state);
}

/** What the audit log and the time say of each person. */
async function recomputed({ tenant, people }: Scene): Promise<States> {
  const [row] = await owner()<{ now: Date }[]>`select portal_now() as now`;
  const states = statesByAuditLog(await auditLogOf(tenant), row?.now ?? new Date(0));
  return people.map(({ id }) => states.get(id));
}

/** Lets a history happen and holds the report to the log, after every so many steps. Gives all states that were seen. */
async function held(steps: readonly Step[], every: number): Promise<Set<string>> {
  await clock.reset();
  await clock.stop();
  const scene = await aScene();
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    await happen(scene, step);
    if ((index + 1) % every !== 0 && index + 1 < steps.length) continue;
    const states = await reported(scene);
    expect(states, `after ${JSON.stringify(step)}`).toEqual(await recomputed(scene));
    for (const state of states) seen.add(state ?? "nobody");
  }
  return seen;
}

test(
  `the report equals what independent code makes of the audit log, in ${HISTORIES} random histories (D4) @prove-D4`,
  async () => {
    await fc.assert(
      fc.asyncProperty(aHistory(LONGEST), async (steps) => {
        await held(steps, 3);
      }),
      { numRuns: HISTORIES },
    );
    reportFigure("D4", "random histories in which the report equalled the audit log", HISTORIES);
  },
  LONG_ENOUGH,
);

const [STAFF, CONTACT, NO_ADDRESS, READER] = [0, 1, 2, 3] as const;

const signIn = (who: number, secret: "password" | "temporary" | "wrong", times = 1): Step => ({
  ...{ do: "sign in", who, with: secret, times, from: "203.0.113.7", known: false },
});

const GRAND_TOUR: Step[] = [
  { do: "invite", who: CONTACT },
  { do: "deliver" },
  signIn(STAFF, "wrong", 3),
  { do: "wait", for: 7 * DAY },
  { do: "unlock", who: STAFF },
  signIn(STAFF, "password"),
  { do: "change the own password", who: STAFF },
  { do: "deliver" },
  { do: "freeze", who: STAFF },
  { do: "unfreeze", who: STAFF },
  { do: "wait", for: 60 * DAY },
  { do: "be given a password", who: READER },
  signIn(READER, "password"),
  { do: "do the duty", who: READER },
  { do: "security", who: READER, status: "enabled", mustChangePassword: true },
  { do: "options", changes: { expiryDays: 30, recoveryProfile: "temporary_password" } },
  signIn(READER, "password"),
  { do: "do the duty", who: READER },
  { do: "wait", for: 30 * DAY },
  { do: "ask for a reset", who: CONTACT },
  { do: "deliver" },
  signIn(CONTACT, "temporary"),
  { do: "do the duty", who: CONTACT },
  { do: "options", changes: { symbolRequired: true, minLength: 64, rulesApplyAt: "next_sign_in" } },
  { do: "security", who: READER, status: "disabled", mustChangePassword: false },
  { do: "federate", who: CONTACT },
  { do: "get another address", who: NO_ADDRESS },
  { do: "wait", for: DAY },
  { do: "apply addresses" },
  { do: "deliver" },
  { do: "require SSO of staff" },
];

test("one history leads through every state that the report knows (D4)", async () => {
  expect([...(await held(GRAND_TOUR, 1))].toSorted()).toEqual(Object.keys(ACCESS_STATES).toSorted());
});

test.each([
  ["a freeze", "update members set frozen_at = portal_now()", "frozen"],
  ["a disabling", "update members set status = 'disabled'", "disabled"],
  ["a forced change", "update members set must_change_password = true", "must_change"],
  [
    "the end of a password",
    "update password_credentials set temporary_until = portal_now()",
    "temporary_over",
  ],
  [
    "a lock",
    "insert into sign_in_failures (tenant_id, member_id, place, failures, last_at) select tenant_id, id, 'source:x', 3, portal_now() from members",
    "locked",
  ],
])("%s that the audit log does not tell would be found (D4)", async (_, behindTheBack, state) => {
  const scene = await aScene();
  expect((await reported(scene))[STAFF]).toBe("active");
  await owner().unsafe(behindTheBack);
  expect((await reported(scene))[STAFF]).toBe(state);
  expect((await recomputed(scene))[STAFF]).toBe("active");
});
