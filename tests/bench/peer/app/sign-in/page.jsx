import { headers } from "next/headers";
import { SignInForm } from "./form.jsx";

/** Dynamic, as a page has to be that shows whose it is. */
export default async function Page() {
  return (
    <main>
      <h1>Sign in at {(await headers()).get("host")}</h1>
      <SignInForm />
    </main>
  );
}
