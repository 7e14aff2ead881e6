import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { Select } from "#components/form/select.tsx";
import { Submit } from "#components/form/submit.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { findCandidates } from "#lib/members/recovery/find-candidates.ts";
import type { getRequest } from "#lib/members/recovery/get-request.ts";
import { proposeAddressAction } from "./actions.ts";

type Found = Awaited<ReturnType<typeof getRequest>>;

type Candidates = Awaited<ReturnType<typeof findCandidates>>;

type NewAddressProps = { found: Found; candidates: Candidates; text: string };

/** The first of two people enters a new address; where nobody is there to be the second, it says so (B12). */
export function NewAddress({ found, candidates, text }: NewAddressProps) {
  const { request, member, isOwn, others } = found;
  if (request.status !== "open") return null;
  if (isOwn) {
    return <Notice title="This is your own account">Somebody else has to help you with it.</Notice>;
  }
  if (others === 0) return <SecondOneNeeded />;
  return (
    <Card
      title="Give the account a new address"
      description="Make sure that it is the person: call a number that your firm had before, not one from this request. Another administrator then has to agree, and the old address can stop it for a day."
    >
      <div className="grid gap-6">
        {!member && <Search text={text} nobody={text !== "" && candidates.length === 0} />}
        {(member || candidates.length > 0) && (
          <ActionForm action={proposeAddressAction} id="propose" label="Propose a new address">
            <Hidden name="requestId" value={request.id} />
            {member ? <Hidden name="memberId" value={member.id} /> : <Choice candidates={candidates} />}
            <Field
              name="newEmail"
              label="New e-mail address"
              type="email"
              required
              unmanaged
              maxLength={254}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <Submit>Propose Address</Submit>
          </ActionForm>
        )}
      </div>
    </Card>
  );
}

export function SecondOneNeeded() {
  return (
    <Notice tone="warning" title="A second administrator is needed">
      Two people have to agree to a new address, and nobody else here may. Give another member a security
      group that may help people who cannot be reached by e-mail.
    </Notice>
  );
}

/** A form of its own that only asks: it works without scripts, and changes nothing. */
function Search({ text, nobody }: { text: string; nobody: boolean }) {
  return (
    <search>
      <form method="get" className="form">
        <Field
          name="q"
          label="Whose account is it?"
          hint="Search by name, username or e-mail."
          defaultValue={text}
          required
          unmanaged
          maxLength={100}
          autoComplete="off"
        />
        <Button type="submit">Search</Button>
        {nobody && (
          <p role="status">Nobody of the firm has a name, username or e-mail with “{text}” in it.</p>
        )}
      </form>
    </search>
  );
}

function Choice({ candidates }: { candidates: Candidates }) {
  return (
    <Select
      name="memberId"
      label="Account"
      required
      placeholder="Choose the person"
      options={candidates.map(({ id, name, username, address }) => ({
        value: id,
        label: [name, username, address ?? "no address"].filter(Boolean).join(" · "),
      }))}
    />
  );
}
