import type { JWK } from "jose";
import * as z from "zod";
import { after, HOUR, MINUTE } from "#lib/core/clock.ts";
import { processSingleton } from "#lib/core/process.ts";
import { safeFetch } from "#lib/core/safe-fetch.ts";
import { OidcTrouble, unavailable } from "./oidc-trouble.ts";

/** How long keys are believed without asking again; a provider that is away is believed as long as it is away. */
const FRESH = HOUR;
const ASKED_AGAIN_AFTER = MINUTE;
const MOST_HELD = 500;
const MOST_KEYS = 100;

/** Of symmetric keys none is read: one that is published signs for everybody (SEC65). */
const KeySet = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })).max(MOST_KEYS),
});

type Held = { keys: JWK[]; askedAt: Date };

/** Where a connection's keys lie. Two connections share none, though they may name the same address. */
export type KeyPlace = { connectionId: string; uri: string };

/**
 * The keys that a provider signs with, so that it is asked once an hour, and once a minute at most when a key is named that
 * it has not published before (SEC70). Whoever asks at the same time gets the same answer.
 */
export async function keysFor(place: KeyPlace, now: Date, kid: string | undefined): Promise<JWK[]> {
  const held = heldAt(place);
  if (!held) return (await askOnce(place, now)).keys;
  const age = Math.abs(now.getTime() - held.askedAt.getTime());
  const known = kid === undefined || held.keys.some((key) => key.kid === kid);
  if (known ? age < FRESH : age < ASKED_AGAIN_AFTER) return held.keys;
  try {
    return (await askOnce(place, now)).keys;
  } catch (error) {
    if (!known) throw error;
    // Asked again in a minute, not at each sign-in.
    keep(place, { ...held, askedAt: after(now, ASKED_AGAIN_AFTER - FRESH) });
    return held.keys;
  }
}

function askOnce(place: KeyPlace, now: Date): Promise<Held> {
  const { asking } = memory();
  const name = nameOf(place);
  const begun = asking.get(name) ?? ask(place, now).finally(() => asking.delete(name));
  asking.set(name, begun);
  return begun;
}

async function ask(place: KeyPlace, now: Date): Promise<Held> {
  const before = heldAt(place);
  // Counted before the answer: a provider that is away is asked no more often either.
  if (before) keep(place, { ...before, askedAt: now });
  const held = { keys: await fetchKeys(place.uri), askedAt: now };
  keep(place, held);
  return held;
}

async function fetchKeys(uri: string): Promise<JWK[]> {
  try {
    const answer = await safeFetch(uri, {
      headers: { accept: "application/json, application/jwk-set+json" },
    });
    if (answer.status !== 200)
      throw new OidcTrouble("key_set_unavailable", { why: `status_${answer.status}` });
    const { keys } = KeySet.parse(await answer.json());
    return keys.filter(({ kty }) => ["RSA", "EC", "OKP"].includes(kty)) as JWK[];
  } catch (error) {
    throw unavailable("key_set", error);
  }
}

function heldAt(place: KeyPlace): Held | undefined {
  const { held } = memory();
  const name = nameOf(place);
  const found = held.get(name);
  if (!found) return undefined;
  // To the end of the line: the first in it goes when there are too many.
  held.delete(name);
  held.set(name, found);
  return found;
}

function keep(place: KeyPlace, kept: Held): void {
  const { held } = memory();
  const name = nameOf(place);
  held.delete(name);
  held.set(name, kept);
  const [oldest] = held.keys();
  if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest);
}

const nameOf = ({ connectionId, uri }: KeyPlace) => `${connectionId} ${uri}`;

const memory = () =>
  processSingleton("oidc-key-sets", () => ({
    held: new Map<string, Held>(),
    asking: new Map<string, Promise<Held>>(),
  }));
