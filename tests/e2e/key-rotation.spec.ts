import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Browser } from "@playwright/test";
import { type Database, databaseOf } from "./support/database.ts";
import { withTotp } from "./support/factors.ts";
import { aFirm, type Firm, type Person } from "./support/firm.ts";
import { location } from "./support/http.ts";
import { expect, portalOf, test } from "./support/portal.ts";
import { environmentOf, launcherCommand, type RunningPortal, startPortal } from "./support/portal-process.ts";
import { signInOnTheWire } from "./support/wire.ts";

const aKey = () => randomBytes(32).toString("base64url");
const [OLD, NEW] = [aKey(), aKey()];

test("an operator exchanges the key: all second factors work with the new one alone (SEC88, DEC4)", async ({
  browser,
  source,
}) => {
  test.setTimeout(300_000);
  let own = await startPortal("e2e-keys", { env: { PORTAL_KEYS: OLD } });
  let rows: Database | undefined;
  try {
    const firm = await aFirm(own);
    rows = databaseOf(own.ownerUrl);
    const { ravi } = firm.people;
    const app = await withTotp({ portal: portalOf(own, browser, source), firm, database: rows }, ravi);
    const [before] = await keysIn(rows);
    await rows.end();

    own = await own.restart({ PORTAL_KEYS: `${NEW},${OLD}` });
    rows = databaseOf(own.ownerUrl);
    const database = rows;
    await expect
      .poll(() => keysIn(database), { timeout: 30_000 })
      .toEqual([expect.not.stringMatching(before ?? "")]);
    // Eleven of people, and those of the two connections of the demo.
    expect(await doctor(own, `${NEW},${OLD}`)).toContain(
      "13, all sealed by the newest key; the older keys can go",
    );
    await rows.end();

    own = await own.restart({ PORTAL_KEYS: NEW });
    rows = databaseOf(own.ownerUrl);
    expect(await prove({ own, browser, source, firm }, ravi, await app.nextCode())).toBe("/");
    expect(await prove({ own, browser, source, firm }, ravi, app.recoveryCodes[4] ?? "")).toBe("/");
    expect(await doctor(own, NEW)).toContain("13, all sealed by the newest key");
  } finally {
    await rows?.end();
    await own.stop();
  }
});

async function keysIn(database: Database): Promise<string[]> {
  const keys = await database<{ key_id: string }[]>`
    select key_id from totp_factors union select key_id from recovery_codes`;
  return keys.map(({ key_id }) => key_id);
}

type Scene = { own: RunningPortal; firm: Firm; source: string; browser: Browser };

/** Signs in by password and this code, and gives where that leads. */
async function prove({ own, browser, source, firm }: Scene, person: Person, code: string) {
  const visitor = portalOf(own, browser, source).visitor(firm.slug);
  await signInOnTheWire(visitor, person);
  const path = code.includes("-") ? "/second-factor?by=recovery-code" : "/second-factor";
  const answer = await visitor.submit(path, { form: "Prove that it is you", fill: { code } });
  return location(answer);
}

function doctor(own: RunningPortal, keys: string): Promise<string> {
  const { command, args, cwd } = launcherCommand("doctor");
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: { ...environmentOf(own), PORTAL_KEYS: keys } }, (_, output) =>
      resolve(output),
    );
  });
}
