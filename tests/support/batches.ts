import type { Permission } from "#lib/access/permissions.ts";
import type { Tenant } from "#lib/core/context.ts";
import { confirmBatch } from "#lib/members/credentials/confirm-batch.ts";
import { prepareBatch } from "#lib/members/credentials/prepare-batch.ts";
import { sendBatch } from "#lib/members/credentials/send-batch.ts";
import { actingWith } from "./contexts.ts";
import { owner } from "./database.ts";

/** What an administrator needs who sends to staff and to contacts. */
export const SENDS_TO_ALL: Permission[] = ["contacts:reset", "members:reset", "members:read", "clients:read"];

export const TO_CONTACTS = { send: "resend_login_credentials" } as const;

export const TO_STAFF = { send: "send_new_user_email" } as const;

type People = { memberIds?: string[]; everybody?: "on"; q?: string };

type Wish = People & (typeof TO_CONTACTS | typeof TO_STAFF);

/** A batch as somebody prepares it and lets it begin. Gives its id. */
export async function aConfirmedBatch(tenant: Tenant, wish: Wish): Promise<string> {
  const sender = actingWith(tenant, ...SENDS_TO_ALL);
  const { id } = await prepareBatch(sender, wish);
  await confirmBatch(sender, { batchId: id });
  return id;
}

/** Works a batch off as the worker does. Gives the number of turns that it took. */
export async function workOff(tenant: Tenant, batchId: string): Promise<number> {
  for (let turns = 1; ; turns += 1) if ((await sendBatch(tenant.id, batchId)) === "done") return turns;
}

/** What stands in the rows of a batch, in their order. */
export async function rowsOfBatch(batchId: string) {
  return owner()<{ name: string; status: string; reason: string | null; mail: string | null }[]>`
    select m.name, r.status, r.reason, e.template as mail from credential_batch_rows r
      join members m on m.id = r.member_id left join outbox_emails e on e.id = r.email_id
     where r.batch_id = ${batchId} order by r.position`;
}

export async function statusOfBatch(batchId: string): Promise<string | undefined> {
  const [row] = await owner()<{ status: string }[]>`
    select status from credential_batches where id = ${batchId}`;
  return row?.status;
}
