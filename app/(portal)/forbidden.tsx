import { PageHeader } from "#components/layout/page-header.tsx";
import { FormButton } from "#components/ui/form-button.tsx";
import { requestTenant } from "#lib/web/context.ts";

export const metadata = { title: "Not allowed" };

/** Inside the frame of the signed-in, which has the page's one <main> already. */
export default async function PortalForbidden() {
  const firm = (await requestTenant())?.name ?? "the firm";
  return (
    <>
      <PageHeader
        title="Your security group does not allow this"
        description={`If you need this page, ask an administrator of ${firm}.`}
      />
      <FormButton action="/">Go to the start</FormButton>
    </>
  );
}
