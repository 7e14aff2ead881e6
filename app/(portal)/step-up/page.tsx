import { ActionForm } from "#components/form/action-form.tsx";
import { Hidden } from "#components/form/hidden.tsx";
import { StepUpFields } from "#components/form/step-up-prompt.tsx";
import { Submit } from "#components/form/submit.tsx";
import { PageHeader } from "#components/layout/page-header.tsx";
import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { describeStepUp } from "#lib/auth/step-up/describe-step-up.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";
import { localPath } from "#lib/web/local-path.ts";
import { confirmAction } from "./actions.ts";

export const metadata = { title: "Confirm that it is you" };

/** For what is asked for by a link, such as a file: forms ask in their own place. */
export default async function StepUpPage({ searchParams }: PageProps<"/step-up">) {
  const { wanted, passkey } = await load(describeStepUp(await requireContext()));
  const { next } = await searchParams;
  const target = localPath(next);
  const key = wanted === "factor" ? passkey : undefined;

  return (
    <>
      <PageHeader title="Confirm that it is you" description="What you have asked for is sensitive." />
      <Card>
        {wanted ? (
          <ActionForm action={confirmAction} label="Confirm that it is you" summary="none">
            <Hidden name="next" value={target} />
            <StepUpFields wanted={wanted} passkey={key} />
            {(wanted === "factor" || wanted === "password") && (
              <Submit tone={key ? "quiet" : "primary"}>Confirm</Submit>
            )}
          </ActionForm>
        ) : (
          <Notice tone="success" role="status">
            Thank you. <a href={target}>Go on to what you have asked for</a>
          </Notice>
        )}
      </Card>
    </>
  );
}
