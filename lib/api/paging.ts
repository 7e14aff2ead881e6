import * as z from "zod";

/** As many rows as one answer holds at most; what the pages show, too. */
const MOST = 100;

const LIMIT_MESSAGE = `Ask for 1 to ${MOST}.`;

/** Digits, since a parameter of an address is text; the document calls it a number. */
const Limit = z
  .string()
  .regex(/^\d{1,3}$/, LIMIT_MESSAGE)
  .transform(Number)
  .pipe(z.number().min(1, LIMIT_MESSAGE).max(MOST, LIMIT_MESSAGE))
  .default(MOST)
  .meta({ type: "integer", minimum: 1, maximum: MOST, description: "How many rows at most." });

/** For lists that go on behind the row with an id. */
export const Paging = z.strictObject({
  limit: Limit,
  after: z
    .uuid("This is no row of the list.")
    .optional()
    .meta({ description: "The `next` of the page before." }),
});

/** A page of a list: `next` is what `after` has to be for the rows that follow, and null on the last page. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ data: z.array(row), next: z.string().nullable() });
}

type Rows<Row> = { rows: readonly Row[]; next: string | undefined };

/** As much of a page as was asked for. Whatever is behind it is behind its last row. */
export function cut<Row extends { id: string }>({ rows, next }: Rows<Row>, limit: number) {
  const data = rows.slice(0, limit);
  const last = data.at(-1)?.id;
  return { data, next: (rows.length > limit ? last : next) ?? null };
}

/** A page of a list that is read whole. */
export function cutWhole<Row extends { id: string }>(
  all: readonly Row[],
  { limit, after }: { limit: number; after?: string | undefined },
) {
  const begin = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const rows = begin === 0 && after !== undefined ? [] : all.slice(begin);
  return cut({ rows, next: undefined }, limit);
}
