import { LOCK_ACCOUNT_AFTER } from "#lib/policy/security-options.ts";
import type { Database } from "#tests/e2e/support/database.ts";
import { federate } from "#tests/support/federate.ts";

/** One request whose time must not tell what a typed name is. A page is measured from the day on which it answers 200. */
export type TimedPage = {
  name: string;
  path: string;
  /** The form's accessible name, and the button where it says something of its own. */
  form: string;
  press?: string;
  fill: (name: string) => Record<string, string>;
  /** What every name is answered with; anything else means that something other than the name was measured. */
  status: number;
};

export const TIMED_PAGES: TimedPage[] = [
  {
    name: "sign-in",
    path: "/sign-in",
    form: "Sign in",
    fill: (identifier) => ({ identifier, password: "a wrong password of some length" }),
    status: 200,
  },
  {
    name: "forgot-password, where to",
    path: "/forgot-password",
    form: "Reset your password",
    press: "Continue",
    fill: (identifier) => ({ identifier }),
    status: 200,
  },
  {
    name: "forgot-password, send",
    path: "/forgot-password?again=",
    form: "Reset your password",
    press: "Send Password Reset",
    fill: (identifier) => ({ identifier }),
    status: 303,
  },
  {
    name: "forgot-username",
    path: "/forgot-username",
    form: "Send your username",
    fill: (name) => ({ email: `${name}@bench.example` }),
    status: 303,
  },
];

/** What a typed name can be. */
export type NameState = {
  name: string;
  /** Makes accounts of this state out of enabled ones with a password; absent where the names stay unknown. */
  become?: (database: Database, usernames: string[]) => Promise<unknown>;
};

/** The first is what the others are compared with. */
export const NAME_STATES: NameState[] = [
  { name: "known", become: async () => undefined },
  // The same once more: how far its ratio is from 1 is what this run could not have told apart.
  { name: "known, others", become: async () => undefined },
  { name: "unknown" },
  {
    name: "disabled",
    become: (database, usernames) =>
      database`update members set status = 'disabled' where username = any(${usernames})`,
  },
  {
    name: "federated",
    become: async (database, usernames) => {
      const rows = await database<
        { id: string }[]
      >`select id from members where username = any(${usernames})`;
      await federate(
        database,
        rows.map(({ id }) => id),
      );
      await database`
        delete from password_credentials c using members m
         where m.tenant_id = c.tenant_id and m.id = c.member_id and m.username = any(${usernames})`;
    },
  },
  {
    name: "locked",
    // The cap of all unknown places together (SEC13), so that every source of the bench meets the lock.
    become: (database, usernames) => database`
      insert into sign_in_failures (tenant_id, member_id, place, failures, last_at)
      select tenant_id, id, '*', ${LOCK_ACCOUNT_AFTER}, portal_now() from members where username = any(${usernames})`,
  },
];
