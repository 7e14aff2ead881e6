import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { auth } from "../../auth.js";

/** A signed-in page with one list of fifty people. */
export default async function Page() {
  const asked = await headers();
  const session = await auth.api.getSession({ headers: asked });
  if (!session) redirect("/sign-in");
  const query = { limit: 50, offset: 0, sortBy: "name" };
  const { users, total } = await auth.api.listUsers({ headers: asked, query });
  return (
    <main>
      <h1>
        {total} members, seen by {session.user.name}
      </h1>
      <table>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <td>{user.name}</td>
              <td>{user.email}</td>
              <td>{user.role}</td>
              <td>{user.banned ? "banned" : "enabled"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
