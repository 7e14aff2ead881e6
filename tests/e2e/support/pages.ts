import type { Page } from "@playwright/test";
import type { Firm } from "./firm.ts";
import type { Portal } from "./portal.ts";
import { signIn } from "./steps.ts";
import { askForReset } from "./wire.ts";

/** One page as somebody sees it: how to get there, and the heading that says one is there. */
export type Sight = { name: string; heading: string | RegExp; show: () => Promise<unknown> };

type Scene = { page: Page; portal: Portal; firm: Firm };

/** Every page and state that nobody has to sign in for. `link` is a live mailed link. */
export function signedOutSights({ page, portal, firm }: Scene, link: string): Sight[] {
  const at = (path: string) => () => page.goto(`${firm.url}${path}`);
  const pressing = (path: string, button: string) => async () => {
    await page.goto(`${firm.url}${path}`);
    await page.getByRole("button", { name: button }).click();
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
export async function administratorSights({ page, firm }: Scene): Promise<Sight[]> {
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
    { name: "workspaces", heading: "All workspaces", show: at("/workspaces") },
    { name: "workspace", heading: "Kowalska Studio", show: at(workspace) },
    { name: "clients", heading: "All Firm Clients", show: at("/clients") },
    { name: "contacts", heading: "Kowalska Studio", show: at(client) },
    { name: "members", heading: "Members", show: at("/members") },
    { name: "member-security", heading: firm.people.tom.name, show: at(member) },
  ];
}

async function hrefOf(page: Page, url: string, link: string): Promise<string> {
  await page.goto(url);
  return (await page.getByRole("link", { name: link }).getAttribute("href")) ?? "";
}

/** The pages of a member whose session is pending, and of one who may not see a page. */
export function refusedSights({ page, firm }: Scene): Sight[] {
  return [
    {
      name: "forbidden",
      heading: "Your security group does not allow this",
      show: () => page.goto(`${firm.url}/members`),
    },
  ];
}

/** A live link, mailed to somebody of the firm. */
export async function aLink({ portal, firm }: Scene): Promise<string> {
  await askForReset(portal.visitor(firm.slug), firm.people.marta.email);
  return (await portal.emailTo(firm.people.marta.email, { at: firm.slug })).link;
}

/** Walks through all of it: as nobody, as an administrator, as somebody who may do little, as somebody with a duty. */
export async function eachSight(
  scene: Scene,
  people: { oweAChange: (username: string) => Promise<unknown> },
  look: (sight: Sight) => Promise<void>,
): Promise<void> {
  const { page, firm } = scene;
  const visit = async (sights: Sight[]) => {
    for (const sight of sights) {
      await sight.show();
      await page.getByRole("heading", { name: sight.heading, level: 1 }).waitFor();
      await look(sight);
    }
  };
  await visit(signedOutSights(scene, await aLink(scene)));
  await signIn(page, firm.url, firm.people.ada);
  await visit(await administratorSights(scene));
  await page.context().clearCookies();
  await signIn(page, firm.url, firm.people.tom);
  await visit(refusedSights(scene));
  await page.context().clearCookies();
  await people.oweAChange(firm.people.ravi.username);
  await signIn(page, firm.url, firm.people.ravi);
  await visit([
    {
      name: "change-password",
      heading: "Choose a new password",
      show: () => page.goto(`${firm.url}/change-password`),
    },
  ]);
}
