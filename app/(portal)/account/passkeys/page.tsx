import { RecoveryCodes } from "#components/account/recovery-codes.tsx";
import { ConfirmStep } from "#components/api-tokens/confirm-step.tsx";
import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PasskeyButton } from "#components/passkey/passkey-button.tsx";
import { WithoutPasskeys } from "#components/passkey/without-passkeys.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";
import { listPasskeys } from "#lib/auth/passkey/list-passkeys.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import {
  addPasskeyAction,
  askForNewPasskeyAction,
  removePasskeyAction,
  renamePasskeyAction,
} from "./actions.ts";

export const metadata = { title: "Passkeys" };

const HERE = "/account/passkeys";

type Listed = Awaited<ReturnType<typeof listPasskeys>>;

type Passkey = Listed["passkeys"][number];

export default async function OwnPasskeysPage({ searchParams }: PageProps<"/account/passkeys">) {
  const ctx = await requireContext();
  const { passkeys, mayAdd, breakGlass } = await load(listPasskeys(ctx));
  const { done } = await searchParams;
  const { timeZone } = ctx.actor;

  return (
    <div className="grid gap-6">
      <Done what={done} />
      {breakGlass && <BreakGlassNotice breakGlass={breakGlass} timeZone={timeZone} />}
      <Card
        title="Your passkeys"
        description="With a passkey you sign in by your fingerprint, your face or the PIN of your device: nothing to type, nothing to forget, and nothing that works on another site than this one."
      >
        {passkeys.length === 0 ? (
          <p className="text-ink-muted">You have no passkey here yet.</p>
        ) : (
          <ul className="grid gap-5">
            {passkeys.map((passkey) => (
              <PasskeyItem key={passkey.id} passkey={passkey} timeZone={timeZone} />
            ))}
          </ul>
        )}
      </Card>
      {mayAdd ? (
        <AddPasskey firmName={ctx.tenant.name} owner={`${ctx.actor.username}, ${ctx.tenant.name}`} />
      ) : (
        <Notice>You have as many passkeys as one can have. Remove one before you add another one.</Notice>
      )}
    </div>
  );
}

/** To whom a proposal has opened this page, or for whom a passkey is armed (J3). */
function BreakGlassNotice({ breakGlass, timeZone }: BreakGlassProps) {
  const until = <Moment at={breakGlass.until} timeZone={timeZone} />;
  if (breakGlass.passkeyId) {
    return (
      <Notice tone="warning" title="Break-glass is armed for one of your passkeys">
        With it you get in until {until} while the identity provider is away. If you remove it, that ends.
      </Notice>
    );
  }
  return (
    <Notice title="You are proposed for break-glass">
      Add a passkey that never leaves its device, such as a security key. Another administrator has until{" "}
      {until} to arm it.
    </Notice>
  );
}

type BreakGlassProps = { breakGlass: NonNullable<Listed["breakGlass"]>; timeZone: string | undefined };

function PasskeyItem({ passkey, timeZone }: { passkey: Passkey; timeZone: string | undefined }) {
  const { name, createdAt, lastUsedAt, synced, suspected } = passkey;
  return (
    <li className="grid gap-3 border-line border-t pt-5 first:border-t-0 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-semibold">{name}</h3>
        <Badge>{synced ? "Synced" : "On one device"}</Badge>
        {suspected && <Badge tone="error">Refused</Badge>}
      </div>
      <p className="text-ink-muted text-sm">
        Added <Moment at={createdAt} timeZone={timeZone} />,{" "}
        {lastUsedAt ? (
          <>
            last used <Moment at={lastUsedAt} timeZone={timeZone} />
          </>
        ) : (
          "never used"
        )}
      </p>
      {suspected && (
        <Notice tone="warning">
          It may have been copied: it had counted further before. It is not accepted any more. Remove it, and
          add another one.
        </Notice>
      )}
      <RenamePasskey {...passkey} />
      <RemovePasskey {...passkey} />
    </li>
  );
}

/** Behind a fold, which needs no script. */
function RenamePasskey({ id, name }: Passkey) {
  return (
    <details>
      <summary>
        Rename<VisuallyHidden> {name}</VisuallyHidden>
      </summary>
      <ActionForm
        action={renamePasskeyAction}
        id={`rename-${id}`}
        label={`Rename ${name}`}
        className="form mt-3"
      >
        <Hidden name="passkeyId" value={id} />
        <Field name="name" label="Name" defaultValue={name} required maxLength={80} unmanaged />
        <div>
          <Submit size="small">Save Name</Submit>
        </div>
      </ActionForm>
    </details>
  );
}

function RemovePasskey({ id, name }: Passkey) {
  const confirm = (
    <ConfirmStep title={`Remove “${name}”?`} press="Remove" tone="danger">
      <p>
        It does not open your account any more. Your device may keep it: delete it there too. If it is your
        only second factor, your recovery codes end with it.
      </p>
    </ConfirmStep>
  );
  return (
    <ActionForm
      action={removePasskeyAction}
      id={`remove-${id}`}
      label={`Remove ${name}`}
      className="grid gap-3"
      steps={{ confirm }}
    >
      <Hidden name="passkeyId" value={id} />
      <div>
        <Submit tone="quiet" size="small">
          Remove<VisuallyHidden> {name}</VisuallyHidden>
        </Submit>
      </div>
    </ActionForm>
  );
}

function AddPasskey({ firmName, owner }: { firmName: string; owner: string }) {
  return (
    <Card
      title="Add a passkey"
      description={`Your device asks you to make one for ${firmName}. A security key that you plug in will do as well.`}
    >
      <ActionForm
        action={addPasskeyAction}
        id="add"
        label="Add a passkey"
        steps={{ codes: <RecoveryCodes done="Your passkey is added" owner={owner} next={HERE} /> }}
      >
        <PasskeyButton ask={askForNewPasskeyAction} tone="primary">
          Add a passkey
        </PasskeyButton>
        <WithoutPasskeys />
      </ActionForm>
    </Card>
  );
}

/** What has just been done. Words of ours only: nothing from the address is shown. */
function Done({ what }: { what: string | string[] | undefined }) {
  const sentence = typeof what === "string" && Object.hasOwn(SENTENCES, what) ? SENTENCES[what] : undefined;
  if (!sentence) return null;
  return (
    <Notice tone="success" role="status">
      {sentence}
    </Notice>
  );
}

const SENTENCES: Record<string, string> = {
  added: "The passkey is added. You can sign in with it from now on.",
  renamed: "The passkey has its new name.",
  removed: "The passkey is removed.",
};
