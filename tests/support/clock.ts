import { owner } from "./database.ts";

/** The product's clock (S8) in this file's database. It is set right again after each test. */
export const clock = {
  /** Moves it by some milliseconds, back when they are negative. */
  async travel(milliseconds: number): Promise<void> {
    await owner()`update test_clock set ahead = ahead + make_interval(secs => ${milliseconds / 1000})`;
  },

  /** Stops it, so that a deadline can be met to the millisecond. It can still be moved. */
  async stop(): Promise<Date> {
    const [row] = await owner()<{ now: Date }[]>`
      update test_clock set stopped_at = date_trunc('milliseconds', now()) returning stopped_at + ahead as now`;
    if (!row) throw new Error("There is no test clock.");
    return row.now;
  },

  async reset(): Promise<void> {
    await owner()`update test_clock set stopped_at = null, ahead = '0'
      where stopped_at is not null or ahead <> '0'`;
  },
};
