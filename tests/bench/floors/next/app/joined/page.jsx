import { createHash } from "node:crypto";
import { headers } from "next/headers";
import postgres from "postgres";

const sql = postgres(process.env.FLOOR_DATABASE_URL, { max: 10 });

/** A signed-in page with one list: the session and fifty people of the firm, in one statement. */
export default async function Page() {
  const asked = await headers();
  const slug = asked.get("host")?.split(".")[0] ?? "";
  const token = /__Host-session=([^;]+)/.exec(asked.get("cookie") ?? "")?.[1] ?? "";
  const hash = createHash("sha256").update(token).digest();
  const people = await sql`
    select m.id, m.name, m.username, m.email, m.status, g.name as group_name
      from tenants t
      join sessions s on s.tenant_id = t.id and s.token_hash = ${hash}
      join members m on m.tenant_id = s.tenant_id and m.kind = 'staff' and m.deleted_at is null
      join security_groups g on g.tenant_id = m.tenant_id and g.id = m.security_group_id
     where t.slug = ${slug}
     order by m.name, m.id limit 50`;
  return (
    <table>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <td>{person.name}</td>
            <td>{person.username}</td>
            <td>{person.email}</td>
            <td>{person.status}</td>
            <td>{person.group_name}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
