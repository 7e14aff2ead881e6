import { redirect } from "next/navigation";
import { requireContext } from "#lib/web/context.ts";
import { localPath } from "#lib/web/local-path.ts";

/** The record of a contact is that of a member (DEC11), who judges whether the reader may see it. */
export default async function ContactPage({ params }: PageProps<"/contacts/[id]">) {
  await requireContext();
  redirect(localPath(`/members/${encodeURIComponent((await params).id)}/profile`));
}
