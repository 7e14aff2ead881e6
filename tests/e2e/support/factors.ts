import { generateSync } from "otplib";
import type { Database } from "./database.ts";
import type { Firm, Person } from "./firm.ts";
import type { Portal } from "./portal.ts";
import { signInOnTheWire } from "./wire.ts";

const STEP_SECONDS = 30;

export type App = {
  secret: string;
  /** What it shows now, or some steps before or after. */
  codeAt: (steps?: number) => string;
  /** A code that the portal has not seen. There are two in each half minute, and the next one is waited for. */
  nextCode: () => Promise<string>;
};

export function appWith(secret: string): App {
  let last = 0;
  return {
    secret,
    codeAt: (steps = 0) => codeOfStep(secret, presentStep() + steps),
    async nextCode() {
      last = Math.max(presentStep(), last + 1);
      while (last > presentStep() + 1) await new Promise((resolve) => setTimeout(resolve, 1000));
      return codeOfStep(secret, last);
    },
  };
}

/** The half minute that it is now, counted as apps do. */
export const presentStep = (): number => Math.floor(Date.now() / 1000 / STEP_SECONDS);

export const codeOfStep = (secret: string, step: number): string =>
  generateSync({ secret, epoch: step * STEP_SECONDS });

/** Gives somebody an authenticator app by the page where people do it. No code of it is used then. */
export async function withTotp(
  { portal, firm, database }: { portal: Portal; firm: Firm; database: Database },
  person: Person,
): Promise<App & { recoveryCodes: string[] }> {
  const here = "/account/second-factor";
  const visitor = portal.visitor(firm.slug);
  await signInOnTheWire(visitor, person);
  await visitor.submit(here, { form: "Authenticator app", press: "Set up" });
  const page = await visitor.ask(here);
  const app = appWith(keyOn(page.body));
  const filled = { form: "Authenticator app", fill: { code: app.codeAt() }, press: "Confirm" };
  const answer = await visitor.post(here, page.body, filled);
  const recoveryCodes = recoveryCodesIn(answer.body);
  if (recoveryCodes.length !== 10) throw new Error(`The app was not set up: ${answer.status}.`);
  await database`
    update totp_factors set last_step = null
     where member_id = (select m.id from members m join tenants t on t.id = m.tenant_id
                         where t.slug = ${firm.slug} and m.username = ${person.username})`;
  return { ...app, recoveryCodes };
}

/** Each recovery code of an answer, once. */
export const recoveryCodesIn = (body: string): string[] => [
  ...new Set(body.match(/\b[A-HJ-NP-Z2-9]{4}(?:-[A-HJ-NP-Z2-9]{4}){3}\b/g)),
];

/** The key that a page shows for the app. */
export function keyOn(page: string): string {
  const key = /<code[^>]*>((?:[A-Z2-7]{4} ?){8})<\/code>/.exec(page)?.[1];
  if (!key) throw new Error(`There is no key on this page:\n${page.slice(0, 2_000)}`);
  return key.replaceAll(" ", "");
}
