import { ActionForm } from "#components/form/action-form.tsx";
import { Field } from "#components/form/field.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { PasswordField } from "#components/form/password-field.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { requireContext } from "#lib/web/context.ts";
import { STEP_UP_FIELDS } from "#lib/web/form-state.ts";
import { localPath } from "#lib/web/local-path.ts";
import { confirmAction } from "./actions.ts";

export const metadata = { title: "Confirm that it is you" };

/** For what is asked for by a link, such as a file: forms ask in their own place. */
export default async function StepUpPage({ searchParams }: PageProps<"/step-up">) {
  await requireContext();
  const { next, wanted, confirmed } = await searchParams;
  const target = localPath(next);

  return (
    <>
      <PageHeader title="Confirm that it is you" description="What you have asked for is sensitive." />
      <Card>
        {confirmed === undefined ? (
          <Question target={target} wanted={wanted} />
        ) : (
          <Confirmed target={target} />
        )}
      </Card>
    </>
  );
}

function Confirmed({ target }: { target: string }) {
  return (
    <Notice tone="success" role="status">
      Thank you. <a href={target}>Go on to what you have asked for</a>
    </Notice>
  );
}

function Question({ target, wanted }: { target: string; wanted: string | string[] | undefined }) {
  if (wanted === "enroll") {
    return (
      <Notice tone="warning">
        This takes a second factor, and you have none yet. <a href="/account/second-factor">Set one up</a>,
        then come back.
      </Notice>
    );
  }
  return (
    <ActionForm action={confirmAction} label="Confirm that it is you">
      <Hidden name="next" value={target} />
      {wanted === "password" ? (
        <PasswordField name={STEP_UP_FIELDS.password} label="Your password" autoComplete="current-password" />
      ) : (
        <Field
          name={STEP_UP_FIELDS.code}
          label="Code"
          hint="From your authenticator app, or one of your recovery codes."
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      )}
      <Submit>Confirm</Submit>
    </ActionForm>
  );
}
