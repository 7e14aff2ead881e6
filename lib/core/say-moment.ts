const formats = new Map<string, Intl.DateTimeFormat>();
/** Each takes tens of kilobytes, and somebody may try all time zones. */
const MOST = 200;

/**
 * A moment as people read it, in British English. What makes one into words costs fifty times as much to be made as to be
 * asked, so the newest are kept: one for each way of saying it in a time zone.
 */
export function sayMoment(at: Date, how: Intl.DateTimeFormatOptions): string {
  return formatFor(how).format(at);
}

/** The same in its parts. */
export function partsOfMoment(at: Date, how: Intl.DateTimeFormatOptions): Intl.DateTimeFormatPart[] {
  return formatFor(how).formatToParts(at);
}

function formatFor(how: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(how);
  const format = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", how);
  formats.set(key, format);
  const [oldest = key] = formats.size > MOST ? formats.keys() : [];
  if (oldest !== key) formats.delete(oldest);
  return format;
}
