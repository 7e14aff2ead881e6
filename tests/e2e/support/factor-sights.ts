import type { Page } from "@playwright/test";
import type { Database } from "./database.ts";
import { appWith, keyOn, withTotp } from "./factors.ts";
import type { Firm, Person } from "./firm.ts";
import type { Sight } from "./pages.ts";
import type { Portal } from "./portal.ts";

type Scene = { page: Page; portal: Portal; firm: Firm; database: Database };

const LONG_NAME = "Security key on the ring with the keys of the studio";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Second factors of an administrator, who is signed in, and what she sees of those of others. */
export async function ownFactorSights(scene: Scene): Promise<Sight[]> {
  const { page, firm } = scene;
  const { ada, alan, john, ravi } = firm.people;
  const at = (path: string) => page.goto(`${firm.url}${path}`);
  return [
    {
      name: "own-app-begun",
      heading: "Settings",
      show: async () => {
        await proveAnew(scene, ada, "now()");
        await at("/account/second-factor");
        await button(page, "Set up").click();
        await page.getByRole("img", { name: /QR code/ }).waitFor();
      },
    },
    {
      name: "own-recovery-codes",
      heading: "Settings",
      show: async () => {
        const app = appWith(keyOn(await page.content()));
        await page.getByRole("textbox", { name: "Code", exact: true }).fill(app.codeAt());
        await button(page, "Confirm").click();
        await page.getByRole("region", { name: "Recovery codes" }).waitFor();
      },
    },
    { name: "own-second-factor", heading: "Settings", show: () => at("/account/second-factor") },
    {
      name: "own-passkeys",
      heading: "Settings",
      show: async () => {
        await addPasskey(scene, ada, LONG_NAME);
        await at("/account/passkeys");
      },
    },
    {
      name: "own-sessions-with-browsers",
      heading: "Settings",
      show: async () => {
        await rememberBrowser(scene, ada);
        await at("/account/sessions");
      },
    },
    {
      name: "own-factors-held",
      heading: `Welcome, ${ada.name}`,
      show: async () => {
        await hold(scene, ada);
        await at("/");
        await button(page, "Stop it").waitFor();
      },
    },
    {
      name: "own-factors-kept",
      heading: "Settings",
      show: async () => {
        await button(page, "Stop it").click();
        await page.getByText("Your second factors stay.").waitFor();
      },
    },
    {
      name: "member-with-factors-held",
      heading: alan.name,
      show: async () => {
        await withTotp(scene, alan);
        await addPasskey(scene, alan, LONG_NAME);
        await hold(scene, alan);
        await at(`/members/${await idOf(scene, alan)}/password-and-security`);
        await button(page, "Keep the Second Factors").waitFor();
      },
    },
    {
      name: "members-with-factors",
      heading: "Members",
      show: async () => {
        await requireEnrolment(scene, ravi);
        await at("/members");
        await page.getByText("Missing", { exact: true }).last().waitFor();
      },
    },
    {
      name: "request-frozen",
      heading: john.name,
      show: async () => {
        await addPasskey(scene, john, LONG_NAME);
        await at(`/members/requests/${await freeze(scene, john)}`);
        await page.getByText(`Passkey “${LONG_NAME}”`).waitFor();
      },
    },
    {
      name: "step-up",
      heading: "Confirm that it is you",
      show: async () => {
        await proveAnew(scene, ada, "now() - interval '1 hour'");
        await at("/step-up?next=%2Fmembers");
        await button(page, "Use your passkey").waitFor();
      },
    },
    {
      name: "step-up-in-form",
      heading: "New security group",
      show: async () => {
        await at("/settings/groups/new");
        await page.getByLabel("Name", { exact: true }).fill("Auditors of the studio");
        await button(page, "Create group").click();
        await page.getByRole("group", { name: "Confirm that it is you" }).waitFor();
      },
    },
  ];
}

/** The ways of somebody who owes a second factor: `alan` has an app and a passkey, and is signed in halfway. */
export async function secondFactorSights(scene: Scene): Promise<Sight[]> {
  const { page, firm, database } = scene;
  const { alan } = firm.people;
  const heading = "Prove that it is you";
  const at = (path: string) => page.goto(`${firm.url}${path}`);
  const member = await idOf(scene, alan);
  await database`update factor_resets set status = 'cancelled' where member_id = ${member}`;
  return [
    {
      name: "second-factor",
      heading,
      show: async () => {
        await at("/second-factor");
        await button(page, "Use your passkey").waitFor();
      },
    },
    {
      name: "second-factor-refused",
      heading,
      show: async () => {
        await button(page, "Continue").click();
        await page.getByRole("form").getByRole("alert").waitFor();
      },
    },
    { name: "second-factor-recovery-code", heading, show: () => at("/second-factor?by=recovery-code") },
    {
      name: "second-factor-passkey",
      heading,
      show: async () => {
        await database`delete from totp_factors where member_id = ${member}`;
        await at("/second-factor");
        await button(page, "Use your passkey").waitFor();
      },
    },
    { name: "lost-ask", heading: LOST, show: () => at("/second-factor/lost") },
    {
      name: "lost-device",
      heading: "Have you lost your device?",
      show: async () => at(`/lost-device/${await mailedLink(scene, alan, "asked")}`),
    },
    { name: "lost-asked", heading: LOST, show: () => at("/second-factor/lost") },
    {
      name: "factor-hold",
      heading: "Do you have your device?",
      show: async () => at(`/factor-hold/${await mailedLink(scene, alan, "held")}`),
    },
    { name: "lost-held", heading: LOST, show: () => at("/second-factor/lost") },
  ];
}

const LOST = "You have lost your device?";

/** The duty to set a second factor up, of somebody who has signed in for it. */
export function enrolmentSights({ page, firm }: Scene): Sight[] {
  const heading = "Set up a second factor";
  return [
    { name: "enroll", heading, show: () => page.goto(`${firm.url}/second-factor/enroll`) },
    {
      name: "enroll-app",
      heading,
      show: async () => {
        await button(page, "Set up an authenticator app").click();
        await page.getByRole("img", { name: /QR code/ }).waitFor();
      },
    },
    {
      name: "enroll-codes",
      heading,
      show: async () => {
        const app = appWith(keyOn(await page.content()));
        await page.getByRole("textbox", { name: "Code", exact: true }).fill(app.codeAt());
        await button(page, "Confirm").click();
        await page.getByRole("region", { name: "Recovery codes" }).waitFor();
      },
    },
  ];
}

export async function requireEnrolment(scene: Scene, person: Person): Promise<void> {
  const { database } = scene;
  await database`update members set enrolment_required = true where id = ${await idOf(scene, person)}`;
}

async function idOf({ database, firm }: Scene, { email }: Person): Promise<string> {
  const [row] = await database<{ id: string }[]>`
    select m.id from members m join tenants t on t.id = m.tenant_id
     where t.slug = ${firm.slug} and m.email = ${email}`;
  if (!row) throw new Error(`${email} is nobody of ${firm.slug}.`);
  return row.id;
}

/** As if the last proof in all sessions of somebody had been then. */
async function proveAnew(scene: Scene, person: Person, then: "now()" | "now() - interval '1 hour'") {
  const { database } = scene;
  const moment = database.unsafe(then);
  await database`
    update sessions set proven_at = ${moment}, factor_at = case when factor_at is null then null else ${moment} end
     where member_id = ${await idOf(scene, person)}`;
}

/** A passkey of which nobody has the private key. */
async function addPasskey(scene: Scene, person: Person, name: string): Promise<void> {
  const { database } = scene;
  await database`
    insert into passkeys (tenant_id, member_id, credential_id, public_key, user_handle, counter, aaguid, backup_eligible,
                          backed_up, name)
    select tenant_id, id, gen_random_uuid()::text, '\\x00', 'handle', 0, '00000000-0000-0000-0000-000000000000', true, true,
           ${name} from members where id = ${await idOf(scene, person)}`;
}

async function rememberBrowser(scene: Scene, person: Person): Promise<void> {
  const { database } = scene;
  await database`
    insert into known_devices (tenant_id, member_id, token_hash, user_agent, last_used_at, trusted_until)
    select tenant_id, id, sha256(gen_random_uuid()::text::bytea),
           'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', now(),
           now() + interval '14 days' from members where id = ${await idOf(scene, person)}`;
}

/** A day that runs, after which all second factors are taken away. */
async function hold(scene: Scene, person: Person): Promise<void> {
  const { database } = scene;
  await database`
    insert into factor_resets (tenant_id, member_id, status, source, held_until)
    select tenant_id, id, 'held', '203.0.113.9', now() + interval '1 day' from members
     where id = ${await idOf(scene, person)}`;
}

/** Gives the request by which the firm learns of it. */
async function freeze(scene: Scene, person: Person): Promise<string> {
  const { database } = scene;
  const member = await idOf(scene, person);
  await database`
    update members set frozen_at = (select min(created_at) from passkeys where member_id = ${member}) where id = ${member}`;
  const [request] = await database<{ id: string }[]>`
    insert into recovery_requests (tenant_id, origin, typed_name, member_id, source)
    select tenant_id, 'frozen', username, id, '203.0.113.9' from members where id = ${member} returning id`;
  return request?.id ?? "";
}

/** The link of the mail that is sent while a request stands so: to confirm it, or to stop it. */
async function mailedLink(scene: Scene, person: Person, status: "asked" | "held"): Promise<string> {
  const { database } = scene;
  const member = await idOf(scene, person);
  const purpose = status === "asked" ? "factor_reset" : "factor_hold";
  const token = purpose.padEnd(43, "A");
  await database`
    update factor_resets set status = 'cancelled' where member_id = ${member} and status in ('asked', 'held')`;
  await database`
    with request as (
      insert into factor_resets (tenant_id, member_id, status, source, held_until)
      select tenant_id, id, ${status}, '203.0.113.9', now() + interval '1 day' from members where id = ${member}
      returning id)
    insert into one_time_secrets (tenant_id, member_id, subject_id, purpose, token_hash, sent_to_key, attempts_left, expires_at)
    select m.tenant_id, m.id, request.id, ${purpose}, sha256(${token}::bytea), m.email_key, 5, now() + interval '1 day'
      from members m, request where m.id = ${member}`;
  return token;
}
