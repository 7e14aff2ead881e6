import { redirect } from "next/navigation";
import { hasOwnPassword } from "#lib/auth/password/has-own-password.ts";
import { requireContext } from "#lib/web/context.ts";
import { load } from "#lib/web/load.ts";

/** Where "Settings" leads: to the password for whoever has one (000-05), else to the profile (004-02). */
export default async function AccountPage() {
  const ctx = await requireContext();
  redirect((await load(hasOwnPassword(ctx))) ? "/account/password" : "/account/profile");
}
