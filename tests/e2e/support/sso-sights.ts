import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Database } from "./database.ts";
import type { Firm } from "./firm.ts";
import type { Sight } from "./pages.ts";
import { signIn } from "./steps.ts";

type Scene = { page: Page; firm: Firm; database: Database };

/** What a firm's own identity providers bring with them on the pages for visitors, and nobody else's firm. */
export function ssoSights(scene: Scene): Sight[] {
  const { page, firm } = scene;
  const here = (path: string) => page.goto(`${firm.url}${path}`);
  const whileLive = (show: () => Promise<unknown>) => async () => {
    const id = await aLiveConnection(scene, "Contoso Entra ID");
    await show();
    await scene.database`update connections set state = 'retired' where id = ${id}`;
  };
  const atLinkPage = async () => {
    await bringLinkRequest(scene, await aLiveConnection(scene, "Contoso Okta"));
    await here("/sso/link");
  };
  return [
    { name: "sign-in-name-first", heading: "Sign in", show: whileLive(() => here("/sign-in")) },
    {
      name: "sign-in-password-next",
      heading: "Sign in",
      show: whileLive(() => here("/sign-in?name=ravi")),
    },
    { name: "sso-link", heading: "Which account is yours?", show: atLinkPage },
    {
      name: "sso-link-confirm",
      heading: "Is this account yours?",
      show: async () => {
        await scene.database`update connections set state = 'retired' where tenant_id = ${await tenantOf(scene)}`;
        const id = await aLiveConnection(scene, "Contoso Okta");
        await bringLinkRequest(scene, id);
        await scene.database`update connections set state = 'testing' where id = ${id}`;
        await signIn(page, firm.url, firm.people.ravi);
        await scene.database`update connections set state = 'live' where id = ${id}`;
        await here("/sso/link");
        await scene.database`update connections set state = 'retired' where id = ${id}`;
      },
    },
  ];
}

async function tenantOf({ database, firm }: Scene): Promise<string> {
  const [row] = await database<{ id: string }[]>`select id from tenants where slug = ${firm.slug}`;
  return row?.id ?? "";
}

async function aLiveConnection(scene: Scene, name: string): Promise<string> {
  const tenantId = await tenantOf(scene);
  const [row] = await scene.database<{ id: string }[]>`
    insert into connections (tenant_id, kind, name, state)
    values (${tenantId}, 'oidc', ${`${name} ${randomUUID().slice(0, 4)}`}, 'live') returning id`;
  return row?.id ?? "";
}

/** The browser has come back from the provider, which has vouched for somebody whom the firm does not know. */
async function bringLinkRequest(scene: Scene, connectionId: string): Promise<void> {
  const token = randomBytes(32).toString("base64url");
  const claims = {
    ...{ connectionId, configurationId: randomUUID(), subject: "00u1" },
    claims: { email: "ravi.natarajan.with.a.long.name@contoso.example", groups: [] },
  };
  await scene.database`
    insert into link_requests (tenant_id, token_hash, connection_id, subject, claims, expires_at)
    values (${await tenantOf(scene)}, ${createHash("sha256").update(token).digest()}, ${connectionId}, '00u1',
            ${scene.database.json(claims)}, now() + interval '15 minutes')`;
  await scene.page.context().addCookies([
    {
      name: "__Host-sso-link",
      value: token,
      // Of the secure scheme, or Chromium takes no such cookie by this way; it is the same host.
      url: scene.firm.url.replace("http:", "https:"),
      secure: true,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
}
