import { Card } from "#components/ui/card.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { ImportView } from "#lib/imports/get-import.ts";
import { LISTS } from "../words.ts";
import { Counts } from "./counts.tsx";

/** What an import did, and how those whom it added get in. */
export function Result({ found }: { found: ImportView }) {
  const { kind, status } = found;
  const list = LISTS[kind];
  return (
    <Card
      title={status === "done" ? "The import is done" : "The import was cancelled"}
      description={
        status === "done" ? undefined : "Whoever was added before stays. The lines of the file are forgotten."
      }
      footer={<a href={`/members/import?kind=${kind}`}>Import another file</a>}
    >
      <div className="grid gap-5">
        {(status === "done" || found.handled > 0) && <Counts found={found} would={false} />}
        {found.added > 0 && status === "done" && (
          <Notice title="Nobody has been sent a mail">
            Who came with a password hash signs in with that password. The others need an invitation: tick
            them in <a href={list.crumb.href}>{list.crumb.label}</a> and choose{" "}
            {kind === "staff" ? "“Send New User Email”" : "“Resend Login Credentials”"}.
          </Notice>
        )}
      </div>
    </Card>
  );
}
