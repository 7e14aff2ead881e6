import { headers } from "next/headers";

/** A dynamic page that says nothing. */
export default async function Page() {
  return <h1>{(await headers()).get("host")}</h1>;
}
