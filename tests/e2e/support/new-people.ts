import { createHash } from "node:crypto";
import { federate } from "../../support/federate.ts";
import type { Database } from "./database.ts";
import type { Firm } from "./firm.ts";

type NewPerson = {
  kind: "staff" | "contact";
  name: string;
  /** Username, and the first part of the address. */
  username: string;
  status?: "enabled" | "disabled";
  federated?: boolean;
  frozen?: boolean;
  withoutAddress?: boolean;
  /** The client whose contact it is. */
  client?: string;
};

/** Adds somebody who has no password yet, and gives the id and the address. */
export async function aNewPerson(rows: Database, firm: Firm, person: NewPerson) {
  const { kind, name, username, status = "enabled", client } = person;
  const email = person.withoutAddress ? null : `${username}@people.example`;
  const [row] = await rows<{ id: string }[]>`
    insert into members (tenant_id, kind, name, username, username_key, email, email_key, status, frozen_at, security_group_id)
    select t.id, ${kind}, ${name}, ${username}, ${username}, ${email}, ${email}, ${status},
           ${person.frozen ? new Date() : null}, g.id
      from tenants t join security_groups g on g.tenant_id = t.id
     where t.slug = ${firm.slug} and g.preset = ${kind === "staff" ? "regular" : "contact"}
    returning id`;
  const id = row?.id ?? "";
  if (person.federated) await federate(rows, [id]);
  if (client) {
    await rows`
      insert into client_contacts (tenant_id, client_id, member_id)
      select tenant_id, id, ${id} from clients
       where name = ${client} and tenant_id = (select id from tenants where slug = ${firm.slug})`;
  }
  return { id, name, username, email: email ?? "" };
}

/** Adds so many contacts who have no password yet: `crowd1@people.example` and so on. */
export async function aCrowd(rows: Database, firm: Firm, count: number): Promise<void> {
  await rows`
    insert into members (tenant_id, kind, name, username, username_key, email, email_key, security_group_id)
    select t.id, 'contact', 'Crowd ' || lpad(n::text, 6, '0'), 'crowd' || n, 'crowd' || n,
           'crowd' || n || '@people.example', 'crowd' || n || '@people.example', g.id
      from tenants t join security_groups g on g.tenant_id = t.id, generate_series(1, ${count}::integer) n
     where t.slug = ${firm.slug} and g.preset = 'contact'`;
}

/** As if an address had been sent its five mails within the hour. */
export async function useUpMailbox(rows: Database, firm: Firm, address: string): Promise<void> {
  const key = `mail:${createHash("sha256").update(address).digest("base64url")}`;
  await rows`
    insert into rate_limits (tenant_id, key, whole_at)
    select id, ${key}, now() + interval '1 day' from tenants where slug = ${firm.slug}
    on conflict (tenant_id, key) do update set whole_at = excluded.whole_at`;
}

/** As if half a minute had passed since anybody of the staff pressed a button. */
export async function forgetPresses(rows: Database, firm: Firm): Promise<void> {
  await rows`
    delete from rate_limits where key like 'reset:button:%'
       and tenant_id = (select id from tenants where slug = ${firm.slug})`;
}
