import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { SignedOutLayout } from "#components/layout/signed-out-layout.tsx";
import { DialogCard } from "#components/ui/dialog-card.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeLinkRequest, type LinkDescription } from "#lib/auth/sso/link-account.ts";
import { visitorContext } from "#lib/web/context.ts";
import { COOKIES, readCookie } from "#lib/web/cookies.ts";
import { localPath } from "#lib/web/local-path.ts";
import { supportLine } from "../../support-line.tsx";
import { linkAccountAction } from "./actions.ts";

export const metadata = { title: "Which account is yours?" };

type Open = Extract<LinkDescription, { state: "open" }>;

/** Somebody whom the provider knows and the firm does not says which account is theirs, by signing in to it once more. */
export default async function SsoLinkPage({ searchParams }: PageProps<"/sso/link">) {
  const ctx = await visitorContext();
  const { next } = await searchParams;
  const request = await describeLinkRequest(ctx, (await readCookie(COOKIES.ssoLink)) ?? "");
  const footer = await supportLine(ctx);
  if (request.state === "over") return <Over firmName={ctx.tenant.name} footer={footer} />;
  const person = request.person.email ?? request.person.name ?? request.person.subject;
  const here = `/sso/link?next=${encodeURIComponent(localPath(next))}`;

  return (
    <SignedOutLayout
      firmName={ctx.tenant.name}
      title={request.account ? "Is this account yours?" : "Which account is yours?"}
      lead={
        <>
          {request.connectionName} knows you as <strong className="wrap-anywhere">{person}</strong>.{" "}
          {ctx.tenant.name} has seen you by it for the first time.
        </>
      }
      footer={footer}
    >
      {request.account ? (
        <Confirm {...request} account={request.account} next={localPath(next)} />
      ) : (
        <Prove {...request} here={here} />
      )}
    </SignedOutLayout>
  );
}

function Confirm({
  account,
  connectionName,
  next,
}: Open & { account: { name: string; username: string }; next: string }) {
  return (
    <>
      <p className="mb-4">
        You are signed in as <strong>{account.name}</strong> ({account.username}).
      </p>
      <ul className="mb-6 grid list-disc gap-2 ps-5">
        <li>From now on {connectionName} alone opens this account.</li>
        <li>What you signed in with until now ends, and so do all other sessions and API tokens.</li>
      </ul>
      <ActionForm action={linkAccountAction} label="Link the accounts">
        <Hidden name="next" value={next} />
        <Submit wide>Link and Continue</Submit>
      </ActionForm>
      <p className="mt-6">
        Not your account? <a href="/sign-in">Leave it as it is</a>
      </p>
    </>
  );
}

function Prove({ stale, here }: Open & { here: string }) {
  return (
    <>
      {stale && (
        <div className="mb-6">
          <Notice>
            You signed in before that. Sign out, then sign in once more to show that the account is yours.
          </Notice>
        </div>
      )}
      <p className="mb-6">
        If you have an account here, sign in to it once as you did until now. Nobody is linked by an address
        alone.
      </p>
      {stale ? (
        <form method="post" action="/sign-out">
          <Submit wide>Sign out</Submit>
        </form>
      ) : (
        <FormButton action="/sign-in" fields={{ by: "password", next: here }} tone="primary" wide>
          Sign In to My Account
        </FormButton>
      )}
      <p className="mt-6">
        No account yet? Ask the firm for one. <a href="/sign-in">Back to sign in</a>
      </p>
    </>
  );
}

function Over({ firmName, footer }: { firmName: string; footer: React.ReactNode }) {
  return (
    <SignedOutLayout firmName={firmName} bare footer={footer}>
      <DialogCard
        title="There is nothing to link"
        tone="warning"
        actions={
          <FormButton action="/sign-in" tone="primary">
            Back to sign in
          </FormButton>
        }
      >
        <p>It has been too long, or the accounts are linked already. Sign in by your single sign-on again.</p>
      </DialogCard>
    </SignedOutLayout>
  );
}
