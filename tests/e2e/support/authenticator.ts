import type { CDPSession, Page } from "@playwright/test";

/** As the browser's own protocol has it. */
export type Credential = {
  credentialId: string;
  isResidentCredential: boolean;
  rpId?: string;
  privateKey: string;
  userHandle?: string;
  signCount: number;
};

export type Authenticator = Awaited<ReturnType<typeof withAuthenticator>>;

/** Gives a browser an authenticator of its own, whose owner is always there and always the right one. */
export async function withAuthenticator(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** With their private keys: whoever has them has a copy. */
    async credentials(): Promise<Credential[]> {
      return (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
    },
    async add(credential: Credential) {
      await session.send("WebAuthn.addCredential", { authenticatorId, credential });
    },
    async clear() {
      await session.send("WebAuthn.clearCredentials", { authenticatorId });
    },
    /** Whether somebody answers when they are asked. */
    async answers(enabled: boolean) {
      await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    },
  };
}
