import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Card } from "#components/ui/card.tsx";
import { Moment } from "#components/ui/moment.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { Explained, SignInExplanation } from "#lib/members/explain-sign-in.ts";
import type { Cure } from "#lib/policy/explain-sign-in.ts";
import {
  resendCredentialsAction,
  setAccessAction,
  unfreezeAccountAction,
  unlockMemberAction,
} from "./actions.ts";

type Shown = { explanation: SignInExplanation };

/** The exact reason why somebody cannot sign in, and what helps, by whoever may do it (J5). */
export function SignInExplained({ explanation }: Shown) {
  const { name, afterwards, clues, tries } = explanation;
  return (
    <Card
      title="Why can’t they sign in?"
      description={`What keeps ${name} out, what to mend first, and who may.`}
    >
      <div className="grid gap-6">
        <Verdict explanation={explanation} />
        <Findings title="After the sign-in" findings={afterwards} explanation={explanation} />
        <Findings title="What it may be" findings={clues} explanation={explanation} />
        {tries.length > 0 && (
          <section className="grid gap-2">
            <h3 className="font-semibold">Last refused tries</h3>
            <ul className="grid gap-1 text-sm">
              {tries.map(({ at, reason, from }) => (
                <li key={at.toISOString()}>
                  {reason}, <Moment at={at} />, from {from}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Card>
  );
}

function Verdict({ explanation }: Shown) {
  const { canSignIn, federated, name, obstacles } = explanation;
  if (canSignIn) return <Notice tone="success">Nothing in the portal keeps {name} out.</Notice>;
  const elsewhere = federated && obstacles.every(({ code }) => code === "federated");
  if (!elsewhere) return <Findings title="Keeps them out" findings={obstacles} explanation={explanation} />;
  return (
    <Notice>
      {obstacles[0]?.sentence} Nothing in the portal keeps {name} out: look at the identity provider.
    </Notice>
  );
}

type FindingsProps = Shown & { title: string; findings: Explained[] };

function Findings({ title, findings, explanation }: FindingsProps) {
  if (findings.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-semibold">{title}</h3>
      <ol className="grid gap-4">
        {findings.map((finding) => (
          <li key={finding.code} className="grid justify-items-start gap-1">
            <span id={`why-${finding.code}`}>{finding.sentence}</span>
            <Help finding={finding} explanation={explanation} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The one press that helps, or a way to the page that does; else who may. */
function Help({ finding, explanation }: Shown & { finding: Explained }) {
  const { cure, mayCure, whoMay, code } = finding;
  if (!mayCure) {
    if (whoMay.length === 0) return null;
    return <span className="field-hint">Ask somebody of: {whoMay.join(", ")}.</span>;
  }
  const press = PRESSES[cure];
  if (press) return <Press {...press} code={code} memberId={explanation.memberId} />;
  const way = WAYS[cure]?.(explanation);
  return way ? <a href={way.href}>{way.words}</a> : null;
}

type Press = { action: typeof setAccessAction; words: string; note?: string; status?: "enabled" };

function Press({ action, words, note, status, code, memberId }: Press & { code: string; memberId: string }) {
  return (
    <ActionForm action={action} id={`cure-${code}`} label={words}>
      <Hidden name="memberId" value={memberId} />
      {note && <p className="max-w-prose text-ink-muted text-sm">{note}</p>}
      {status && <Hidden name="status" value={status} />}
      <Submit size="small" tone="quiet" describedBy={`why-${code}`}>
        {words}
      </Submit>
    </ActionForm>
  );
}

const PRESSES: Partial<Record<Cure, Press>> = {
  enable: { action: setAccessAction, words: "Enable the account", status: "enabled" },
  unlock: { action: unlockMemberAction, words: "Unlock" },
  unfreeze: {
    action: unfreezeAccountAction,
    words: "Open the account again",
    note: "Ask the owner first, by another way than e-mail, whether the account is theirs again. The password stays ended: a mail with a new way in goes out. Second factors that somebody else may have added are taken away.",
  },
  send: { action: resendCredentialsAction, words: "Send a way in" },
};

type Way = { href: string; words: string };

/** Where the mending takes more than one press. Who signs in by SSO has no page of that name (004-02). */
const WAYS: Partial<Record<Cure, (of: SignInExplanation) => Way | undefined>> = {
  restore: ({ memberId }) => ({ href: `/members/${memberId}/deleted`, words: "Restore the account" }),
  change_address: () => ({ href: "#profile", words: "Correct the address below" }),
  add_to_client: () => ({ href: "/clients", words: "Add them to a client" }),
  change_group: ({ memberId, federated }) =>
    federated
      ? undefined
      : { href: `/members/${memberId}/password-and-security`, words: "Change the security group" },
  reset_factors: ({ memberId }) => ({
    href: `/members/${memberId}/password-and-security`,
    words: "Look at their second factors",
  }),
  look_at_enforcement: () => ({
    href: "/settings/sso/enforcement",
    words: "Look at who gets in by SSO alone",
  }),
  look_at_request: () => ({ href: "/members/requests", words: "Look at the request" }),
};
