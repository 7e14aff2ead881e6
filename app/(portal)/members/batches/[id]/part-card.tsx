import { Address } from "#components/members/address.tsx";
import { MailState } from "#components/members/mail-state.tsx";
import { Pager } from "#components/members/pager.tsx";
import { Card } from "#components/ui/card.tsx";
import { Table, type TableColumn } from "#components/ui/table.tsx";
import type { BatchRow } from "#lib/members/credentials/batch-rows.ts";
import type { BatchView } from "#lib/members/credentials/get-batch.ts";
import { sayDelivery } from "#lib/outbox/delivery-state.ts";

type PartCardProps = {
  batch: BatchView;
  part: "skipped" | "chosen";
  title: string;
};

/** One of the two lists of a batch, by name: who is mailed, or who is not and why. */
export function PartCard({ batch, part, title }: PartCardProps) {
  const { rows, next, begun } = batch[part];
  if (rows.length === 0) return null;
  const { people, skipped } = batch.tally;
  return (
    <Card title={`${title} (${part === "skipped" ? skipped : people - skipped})`} flush>
      <Table
        caption={title}
        rows={rows}
        rowKey={(row) => row.memberId}
        columns={[...WHO, ...lastColumn(batch, part)]}
      />
      <Pager path={`/members/batches/${batch.id}`} wish={{}} place={part} next={next} begun={begun} />
    </Card>
  );
}

/** Before anything is sent there is nothing to say of whoever will be mailed. */
function lastColumn({ status }: BatchView, part: PartCardProps["part"]) {
  if (part === "skipped") return [WHY];
  return status === "preview" ? [] : [RESULT];
}

const WHO: TableColumn<BatchRow>[] = [
  {
    key: "name",
    header: "Name",
    rowHeader: true,
    cell: ({ memberId, name, username }) => (
      <>
        <a href={`/members/${memberId}/profile`}>{name}</a>
        {username && <span className="block font-normal text-ink-muted">{username}</span>}
      </>
    ),
  },
  { key: "email", header: "E-mail", cell: ({ address }) => <Address address={address} /> },
];

const WHY: TableColumn<BatchRow> = { key: "reason", header: "Why", cell: ({ reason }) => reason };

const RESULT: TableColumn<BatchRow> = {
  key: "result",
  header: "Result",
  cell: ({ mail }) => (mail ? <MailState state={mail.state} sentence={sayDelivery(mail)} /> : "Waiting"),
};
