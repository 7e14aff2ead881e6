/** The pages count no further: to count a million people costs as much as to read them. */
const MOST = 1000;

/** A number of rows in words, where they were counted up to one more than the most. */
export function sayCounted(total: number, most = MOST): string {
  return total > most ? `more than ${most.toLocaleString("en-GB")}` : String(total);
}
