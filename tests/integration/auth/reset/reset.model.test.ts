import fc from "fast-check";
import { expect, test } from "vitest";
import { completeReset } from "#lib/auth/reset/complete-reset.ts";
import { requestReset } from "#lib/auth/reset/request-reset.ts";
import { describeLink } from "#lib/auth/tokens/describe-link.ts";
import { MINUTE, SECOND } from "#lib/core/clock.ts";
import type { Tenant } from "#lib/core/context.ts";
import { acceptInvitation } from "#lib/members/accept-invitation.ts";
import type { Member } from "#lib/members/find-member.ts";
import { clock } from "#tests/support/clock.ts";
import { visitorOf } from "#tests/support/contexts.ts";
import { owner } from "#tests/support/database.ts";
import { deliveredMail } from "#tests/support/mail.ts";
import { anotherCode } from "#tests/support/recovery.ts";
import { alter, aMember, aTenant, GOOD_PASSWORD, OTHER_PASSWORD } from "#tests/support/tenants.ts";

type Link = { token: string; code: string; sentAt: number; dead: boolean; triesLeft: number };

/** What the rules of S1 and S5 say, written down a second time and as simply as possible. */
type Model = { minutes: number; requests: number; links: Link[]; enabled: boolean; resets: number };

type Real = { tenant: Tenant; member: Member; hash: string };

type Event =
  | { do: "ask" | "deliver" | "toggle" | "accept as invitation" }
  | { do: "wait"; minutes: number }
  | { do: "open"; link: number }
  | {
      do: "redeem";
      link: number;
      code: "right" | "wrong" | "of another link" | "none";
      password: "good" | "weak";
    };

const index = fc.nat({ max: 3 });
const anEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>(
    { do: "ask" },
    { do: "deliver" },
    { do: "deliver" },
    { do: "toggle" },
    { do: "accept as invitation" },
  ),
  fc.record({ do: fc.constant("wait" as const), minutes: fc.constantFrom(1, 4, 5, 10, 14, 15) }),
  fc.record({ do: fc.constant("open" as const), link: index }),
  fc.record({
    do: fc.constant("redeem" as const),
    link: index,
    code: fc.constantFrom("right" as const, "wrong" as const, "of another link" as const, "none" as const),
    password: fc.constantFrom("good" as const, "good" as const, "weak" as const),
  }),
);

async function hashOf(member: Member): Promise<string> {
  const [row] = await owner()`select hash from password_credentials where member_id = ${member.id}`;
  return row?.hash as string;
}

const isLive = (link: Link, model: Model) =>
  !link.dead && link.triesLeft > 0 && model.minutes < link.sentAt + 15 && model.enabled;

async function deliver(model: Model, { tenant }: Real): Promise<void> {
  for (const mail of await deliveredMail(tenant)) {
    if (mail.link === "") continue;
    for (const link of model.links) link.dead = true;
    model.links.push({
      token: mail.token,
      code: mail.code,
      sentAt: model.minutes,
      dead: false,
      triesLeft: 5,
    });
  }
}

function codeOf(event: Extract<Event, { do: "redeem" }>, link: Link, links: Link[]): string {
  if (event.code === "right") return link.code;
  if (event.code === "none") return "";
  const other = links.find(({ code }) => code !== link.code);
  return event.code === "of another link" && other ? other.code : anotherCode(link.code);
}

/** Redeems, and says what the rules expect of it. */
async function redeem(
  event: Extract<Event, { do: "redeem" }>,
  model: Model,
  { tenant }: Real,
): Promise<boolean> {
  const link = model.links[event.link % Math.max(1, model.links.length)];
  if (!link) return false;
  const code = codeOf(event, link, model.links);
  const newPassword = event.password === "good" ? `${OTHER_PASSWORD} ${model.resets}` : "password1";
  const live = isLive(link, model);
  const counts = live && event.password === "good" && code !== "";
  const input = { token: link.token, code, newPassword, confirmPassword: newPassword };
  await completeReset(visitorOf(tenant), input).catch(() => undefined);
  if (!counts) return false;
  if (code !== link.code) {
    link.triesLeft -= 1;
    return false;
  }
  for (const one of model.links) one.dead = true;
  return true;
}

async function happen(event: Event, model: Model, real: Real): Promise<boolean> {
  const { tenant, member } = real;
  const link = model.links.at(-1);
  switch (event.do) {
    case "ask":
      await requestReset(visitorOf(tenant), { identifier: "robin" });
      return false;
    case "deliver":
      await deliver(model, real);
      return false;
    case "toggle":
      model.enabled = !model.enabled;
      await alter(tenant, member, { status: model.enabled ? "enabled" : "disabled" });
      return false;
    case "wait":
      model.minutes += event.minutes;
      await clock.travel(event.minutes * MINUTE);
      return false;
    case "open":
      await describeLink(visitorOf(tenant), { purpose: "password_reset", token: link?.token ?? "" });
      return false;
    case "accept as invitation": {
      const passwords = { newPassword: OTHER_PASSWORD, confirmPassword: OTHER_PASSWORD };
      await acceptInvitation(visitorOf(tenant), { token: link?.token ?? "", ...passwords });
      return false;
    }
    default:
      return redeem(event, model, real);
  }
}

test("no sequence of events sets a password without the mailed token and its code (INC19, SEC32)", async () => {
  const enough = performance.now() + 15 * SECOND;
  await fc.assert(
    fc.asyncProperty(fc.array(anEvent, { minLength: 3, maxLength: 14 }), async (events) => {
      // A slow machine tries fewer sequences; none is cut off in the middle.
      if (performance.now() > enough) return;
      await clock.reset();
      await clock.stop();
      const tenant = await aTenant();
      const member = await aMember(tenant, { username: "robin", password: GOOD_PASSWORD });
      const real: Real = { tenant, member, hash: await hashOf(member) };
      const model: Model = { minutes: 0, requests: 0, links: [], enabled: true, resets: 0 };
      // Most runs begin where something can be tried at all.
      for (const event of [{ do: "ask" }, { do: "deliver" }, ...events] as Event[]) {
        const expected = await happen(event, model, real);
        const hash = await hashOf(member);
        expect(hash !== real.hash, JSON.stringify(event)).toBe(expected);
        real.hash = hash;
        if (expected) model.resets += 1;
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 60_000);
