import type { Page } from "@playwright/test";
import { signedInPages } from "#tests/support/app-routes.ts";
import { filled } from "./addresses.ts";
import type { Database } from "./database.ts";
import { enrolmentSights, ownFactorSights, requireEnrolment, secondFactorSights } from "./factor-sights.ts";
import type { Firm, Person } from "./firm.ts";
import type { Portal } from "./portal.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { ssoSights } from "./sso-sights.ts";
import { signIn } from "./steps.ts";
import { askForReset } from "./wire.ts";

/** One page as somebody sees it: how to get there, and the heading that says one is there. */
export type Sight = { name: string; heading: string | RegExp; show: () => Promise<unknown> };

type Scene = { page: Page; portal: Portal; firm: Firm; database: Database };

/** Every page and state that nobody has to sign in for. `link` is a live mailed link. */
function signedOutSights({ page, portal, firm }: Scene, link: string): Sight[] {
  const at = (path: string) => () => page.goto(`${firm.url}${path}`);
  const pressing = (path: string, button: string) => async () => {
    await page.goto(`${firm.url}${path}`);
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.getByRole("form").getByRole("alert").waitFor();
  };
  return [
    { name: "apex", heading: "Your firm has its own address", show: () => page.goto(portal.apex) },
    { name: "sign-in", heading: "Sign in", show: at("/sign-in") },
    { name: "sign-in-refused", heading: "Sign in", show: pressing("/sign-in", "Sign in") },
    { name: "signed-out", heading: "Sign in", show: at("/sign-in?done=signed-out") },
    { name: "forgot-password", heading: "Forgot your password?", show: at("/forgot-password") },
    {
      name: "forgot-password-confirm",
      heading: "Forgot your password?",
      show: async () => {
        await page.goto(`${firm.url}/forgot-password`);
        await page.getByLabel("Username or e-mail").fill("somebody.with.a.long.name@customer.example");
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByText("will be sent to").waitFor();
      },
    },
    { name: "forgot-password-sent", heading: "Success", show: at("/forgot-password?sent") },
    { name: "forgot-password-again", heading: "Ask for a new link", show: at("/forgot-password?again=") },
    { name: "forgot-username", heading: "Forgot your username?", show: at("/forgot-username") },
    { name: "forgot-username-sent", heading: "Success", show: at("/forgot-username?sent") },
    { name: "no-mailbox", heading: "You cannot read that mailbox any more?", show: at("/no-mailbox") },
    { name: "no-mailbox-sent", heading: "Success", show: at("/no-mailbox?sent") },
    { name: "not-me-dead", heading: "This link does not work", show: at("/not-me") },
    { name: "frozen", heading: "The account is frozen", show: at("/not-me?frozen") },
    { name: "address-hold-dead", heading: "This link does not work", show: at("/address-hold") },
    { name: "lost-device-dead", heading: "This link does not work", show: at("/lost-device") },
    { name: "lost-device-held", heading: "It takes a day", show: at("/lost-device?held") },
    { name: "factor-hold-dead", heading: "This link does not work", show: at("/factor-hold") },
    { name: "factors-kept", heading: "Your second factors stay", show: at("/factor-hold?kept") },
    { name: "sso-setup-dead", heading: "This link does not work", show: at("/sso/setup") },
    { name: "firm-link-dead", heading: "This link does not work", show: at("/firm-link") },
    { name: "firm-linked", heading: "The accounts are linked", show: at("/firm-link?linked") },
    { name: "address-stopped", heading: "The new address is stopped", show: at("/address-hold?stopped") },
    { name: "confirm-email-dead", heading: "This link does not work", show: at("/confirm-email") },
    { name: "email-confirmed", heading: "The new address is yours", show: at("/confirm-email?confirmed") },
    { name: "email-undo-dead", heading: "This link does not work", show: at("/email-undo") },
    { name: "email-undone", heading: "Your address is back", show: at("/email-undo?undone") },
    { name: "sso-failed", heading: "You are not signed in", show: at("/sso/failed") },
    {
      name: "sso-not-admitted",
      heading: "You have no access here",
      show: at("/sso/failed?why=not_admitted"),
    },
    { name: "sso-link-over", heading: "There is nothing to link", show: at("/sso/link") },
    { name: "reset-password", heading: "Choose a new password", show: () => page.goto(link) },
    {
      name: "reset-password-refused",
      heading: "Choose a new password",
      show: async () => {
        await page.goto(link);
        await page.getByRole("button", { name: "Save New Password" }).click();
        await page.getByRole("form").getByRole("alert").waitFor();
      },
    },
    {
      name: "dead-link",
      heading: "This link does not work",
      show: at(`/reset-password/${"A".repeat(43)}`),
    },
    { name: "not-found", heading: "There is nothing here", show: at("/there-is-no-such-page") },
    { name: "inbox", heading: "Development inbox", show: at("/dev/inbox") },
  ];
}

/** Every page of an administrator, who must be signed in. */
async function administratorSights(scene: Scene): Promise<Sight[]> {
  const { page, firm } = scene;
  const at = (path: string) => () => page.goto(`${firm.url}${path}`);
  const client = await hrefOf(page, `${firm.url}/clients`, "Kowalska Studio");
  const workspace = await hrefOf(page, `${firm.url}/workspaces`, "Kowalska Studio");
  const member = await hrefOf(page, `${firm.url}/members`, firm.people.tom.email);
  return [
    { name: "landing", heading: `Welcome, ${firm.people.ada.name}`, show: at("/") },
    {
      name: "account-menu",
      heading: `Welcome, ${firm.people.ada.name}`,
      show: async () => {
        await page.goto(`${firm.url}/`);
        await page.getByRole("button", { name: `Account: ${firm.people.ada.name}` }).click();
        await page.getByRole("button", { name: "Sign out" }).waitFor();
      },
    },
    { name: "own-profile", heading: "Settings", show: at("/account/profile") },
    { name: "own-password", heading: "Settings", show: at("/account/password") },
    {
      name: "own-password-refused",
      heading: "Settings",
      show: async () => {
        await page.goto(`${firm.url}/account/password`);
        await page.getByLabel("New password", { exact: true }).fill("summer26");
        await page.getByText("Strength: Weak").waitFor();
        await page.getByRole("button", { name: "Save Changes" }).click();
        await page.getByRole("form").getByRole("alert").waitFor();
        await page.getByLabel("New password", { exact: true }).fill("summerkiosk");
        await page.getByText("Strength: Acceptable").waitFor();
      },
    },
    { name: "workspaces", heading: "All workspaces", show: at("/workspaces") },
    { name: "workspace", heading: "Kowalska Studio", show: at(workspace) },
    { name: "clients", heading: "All Firm Clients", show: at("/clients") },
    { name: "client-new", heading: "Create Client", show: at("/clients/new") },
    { name: "client", heading: "Kowalska Studio", show: at(client) },
    { name: "contacts", heading: "Kowalska Studio", show: at(`${client}/contacts`) },
    {
      name: "contact-add",
      heading: "Add an existing contact",
      show: at(`${client}/contacts/add?q=priya`),
    },
    { name: "client-staff", heading: "Kowalska Studio", show: at(`${client}/staff`) },
    { name: "client-settings", heading: "Kowalska Studio", show: at(`${client}/settings`) },
    { name: "client-delete", heading: "Delete Kowalska Studio?", show: at(`${client}/delete`) },
    { name: "members", heading: "Members", show: at("/members") },
    { name: "member-security", heading: firm.people.tom.name, show: at(member) },
    ...credentialsSights(scene),
    { name: "settings", heading: "Settings", show: at("/settings") },
    { name: "general", heading: "General", show: at("/settings/general") },
    { name: "audit-log", heading: "Audit log", show: at("/settings/audit-log") },
    {
      name: "sso-enforcement",
      heading: "SSO as the only way in",
      show: at("/settings/sso/enforcement?scope=everybody"),
    },
    ...groupsAndTokensSights(scene),
    { name: "access-report", heading: "Access report", show: at("/reports/access") },
    {
      name: "access-report-of-nobody",
      heading: "Access report",
      show: at("/reports/access?state=frozen&kind=staff&q=nobody"),
    },
    ...importSights({ page, firm }),
    ...securityOptionsSights({ page, firm }),
    ...(await requestsSights(scene)),
  ];
}

/** The records of staff and contacts, the list of contacts, and a batch before and after it was sent. */
function credentialsSights({ page, firm }: Pick<Scene, "page" | "firm">): Sight[] {
  const heading = "Resend Login Credentials";
  const openBulkActions = async () => {
    await page.goto(`${firm.url}/contacts`);
    await page.getByLabel("Select all on this page").check();
    await page.getByRole("button", { name: "Bulk Actions" }).click();
    await page.getByRole("button", { name: heading }).waitFor();
  };
  const prepare = async () => {
    await openBulkActions();
    await page.getByRole("button", { name: heading }).click();
    await page.getByRole("button", { name: /^Send to/ }).waitFor();
  };
  const recordOf = (list: string, name: string) => async () => {
    await page.goto(`${firm.url}/${list}`);
    await page.getByRole("link", { name, exact: true }).click();
    await page.waitForURL(/\/profile$/);
  };
  const { tom, priya } = firm.people;
  return [
    { name: "contacts-list", heading: "Contacts", show: openBulkActions },
    { name: "profile-of-staff", heading: tom.name, show: recordOf("members", tom.name) },
    { name: "profile-of-contact", heading: priya.name, show: recordOf("contacts", priya.name) },
    { name: "batch-preview", heading, show: prepare },
    {
      name: "batch-sent",
      heading,
      show: async () => {
        await prepare();
        await page.getByRole("button", { name: /^Send to/ }).click();
        await page.getByRole("heading", { name: "Done" }).waitFor({ timeout: 30_000 });
      },
    },
  ];
}

/** A file of people with a line that is refused, from its upload to what it would do. */
function importSights({ page, firm }: Pick<Scene, "page" | "firm">): Sight[] {
  const heading = "Import contacts";
  const show = () => page.goto(`${firm.url}/members/import?kind=contact`);
  const upload = async () => {
    await show();
    const buffer = Buffer.from(
      "Name,E-mail,Clients\nNew Person,new@people.example,Kowalska Studio\nBad Line,,\n",
    );
    await page.getByLabel("CSV file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer });
    await page.getByRole("button", { name: "Upload" }).click();
    await page.getByRole("button", { name: "Check the file" }).waitFor();
  };
  const check = async () => {
    await upload();
    await page.getByRole("button", { name: "Check the file" }).click();
    await page.getByRole("button", { name: "Import 1 line" }).waitFor({ timeout: 30_000 });
  };
  return [
    { name: "import", heading, show },
    {
      name: "import-refused",
      heading,
      show: () => page.goto(`${firm.url}/members/import?kind=contact&problem=empty`),
    },
    { name: "import-columns", heading, show: upload },
    { name: "import-preview", heading, show: check },
  ];
}

/** Security groups, a preset and a new one, and an API token before, while and after it is generated. */
function groupsAndTokensSights({ page, firm }: Pick<Scene, "page" | "firm">): Sight[] {
  const groups = `${firm.url}/settings/groups`;
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const ask = async () => {
    await page.goto(`${firm.url}/account/api-token`);
    await press("Generate");
    await page.getByRole("dialog").waitFor();
  };
  return [
    { name: "groups", heading: "Security groups", show: () => page.goto(groups) },
    { name: "group-new", heading: "New security group", show: () => page.goto(`${groups}/new`) },
    {
      name: "group-preset",
      heading: "Read Only User",
      show: async () => {
        await page.goto(groups);
        await page.getByRole("link", { name: "Read Only User" }).click();
      },
    },
    { name: "api-token-question", heading: "Settings", show: ask },
    {
      name: "api-token-generated",
      heading: "Settings",
      show: async () => {
        await ask();
        await press("Generate");
        await page.getByLabel("New API token", { exact: true }).waitFor();
      },
    },
    {
      name: "api-tokens",
      heading: "API tokens",
      show: () => page.goto(`${firm.url}/settings/api-tokens?q=t`),
    },
  ];
}

function securityOptionsSights({ page, firm }: Pick<Scene, "page" | "firm">): Sight[] {
  const heading = "Security options";
  const at = (query: string) => page.goto(`${firm.url}/settings/security-options${query}`);
  const version = `${firm.url}/settings/security-options/versions/0`;
  return [
    { name: "security-options", heading, show: () => at("?preset=inmotion") },
    {
      name: "security-options-review",
      heading,
      show: async () => {
        await at("?preset=inmotion");
        await page.getByLabel("At the next sign-in").check();
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByRole("heading", { name: "Before you save" }).waitFor();
      },
    },
    { name: "security-options-version", heading: "Go back to version 0", show: () => page.goto(version) },
  ];
}

/** The queue of people without a mailbox, with one whose name is known and one whose is not. */
async function requestsSights({ page, portal, firm }: Scene): Promise<Sight[]> {
  const stranger = "somebody from the studio";
  for (const identifier of [firm.people.marta.email, stranger]) {
    const fill = { identifier, reachableAt: "+48 22 555 01 23, or marta.kowalska@private.example" };
    await portal.visitor(firm.slug).submit("/no-mailbox", { form: "Ask your firm", fill });
  }
  const show = () => page.goto(`${firm.url}/members/requests`);
  const open = async (name: string) => {
    await show();
    await page.getByRole("link", { name }).first().click();
  };
  return [
    { name: "requests", heading: "Requests for help", show },
    { name: "request", heading: firm.people.marta.name, show: () => open(firm.people.marta.name) },
    {
      name: "request-unknown",
      heading: "Somebody not known yet",
      show: async () => {
        await open(stranger);
        await page.getByLabel("Whose account is it?").fill("kowalska");
        await page.getByRole("button", { name: "Search" }).click();
        await page.getByLabel("New e-mail address").waitFor();
      },
    },
  ];
}

async function hrefOf(page: Page, url: string, link: string): Promise<string> {
  await page.goto(url);
  return (await page.getByRole("link", { name: link }).getAttribute("href")) ?? "";
}

/** The pages of a member whose session is pending, and of one who may not see a page. */
function refusedSights({ page, firm }: Scene): Sight[] {
  return [
    {
      name: "forbidden",
      heading: "Your security group does not allow this",
      show: () => page.goto(`${firm.url}/members`),
    },
  ];
}

/** A live link, mailed to somebody of the firm. */
async function aLink({ portal, firm }: Scene): Promise<string> {
  await askForReset(portal.visitor(firm.slug), firm.people.marta.email);
  return (await portal.emailTo(firm.people.marta.email, { at: firm.slug })).link;
}

/** Every page of the signed-in that nothing above has led to, read from the folders of `app`: new ones are among them. */
function otherSights({ page, firm }: Scene, rows: Rows, seen: ReadonlySet<string>): Sight[] {
  return signedInPages()
    .filter(({ path }) => {
      const pattern = new RegExp(`^${path.replaceAll(/\[\w+\]/g, "[^/]+")}$`);
      return ![...seen].some((address) => pattern.test(address));
    })
    .map((route) => ({
      name: route.path.slice(1).replaceAll(/[[\]]/g, "").replaceAll("/", "-"),
      heading: /./,
      show: () => page.goto(`${firm.url}${filled(route, rows)}`),
    }));
}

async function oweAChange({ firm, database }: Scene, { username }: Person): Promise<void> {
  await database`
    update members set must_change_password = true
     where username = ${username} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
}

/**
 * Walks through all of it: as nobody, as an administrator, as somebody who may do little, and as those who owe a second factor, have
 * to set one up, or have to change the password.
 */
export async function eachSight(scene: Scene, look: (sight: Sight) => Promise<void>): Promise<void> {
  const { page, firm, database } = scene;
  const { ada, alan, priya, ravi, tom } = firm.people;
  const seen = new Set<string>();
  const visit = async (sights: Sight[]) => {
    for (const sight of sights) {
      await sight.show();
      seen.add(new URL(page.url()).pathname);
      await page.getByRole("heading", { name: sight.heading, level: 1 }).waitFor();
      await look(sight);
    }
  };
  const enter = async (person: Person) => {
    await page.context().clearCookies();
    await signIn(page, firm.url, person);
  };
  await visit(signedOutSights(scene, await aLink(scene)));
  await visit(ssoSights(scene));
  await enter(ada);
  await visit(await administratorSights(scene));
  await visit(otherSights(scene, await rowsOf(database, firm.slug), seen));
  await visit(await ownFactorSights(scene));
  await enter(tom);
  await visit(refusedSights(scene));
  await enter(alan);
  await visit(await secondFactorSights(scene));
  await requireEnrolment(scene, priya);
  await enter(priya);
  await visit(enrolmentSights(scene));
  await oweAChange(scene, ravi);
  await enter(ravi);
  await visit([
    {
      name: "change-password",
      heading: "Choose a new password",
      show: () => page.goto(`${firm.url}/change-password`),
    },
  ]);
}
