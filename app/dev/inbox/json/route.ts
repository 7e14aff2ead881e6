import { listMail } from "#lib/inbox/list-mail.ts";
import { machineAnswer } from "#lib/web/api.ts";
import { requestTenant } from "#lib/web/context.ts";

/** `/dev/inbox` for programs; next.config.ts leads here those that accept JSON. */
export const GET = machineAnswer(async () => {
  const mails = await listMail((await requestTenant())?.slug);
  return Response.json(
    mails.map(({ to, subject, text, html, headers }) => ({ to, subject, text, html, headers })),
  );
});
