import { PageHeader } from "#components/layout/page-header.tsx";
import { FormButton } from "#components/ui/form-button.tsx";

export const metadata = { title: "Not found" };

/** Inside the frame of the signed-in, which has the page's one <main> already. */
export default function PortalNotFound() {
  return (
    <>
      <PageHeader
        title="There is nothing here"
        description="The address may be mistyped, or what was here is not for you."
      />
      <FormButton action="/">Go to the start</FormButton>
    </>
  );
}
