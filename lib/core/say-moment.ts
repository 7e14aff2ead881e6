const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A moment as people read it, in British English. What makes one into words costs fifty times as much to be made as to be
 * asked, so each is kept: one for each way of saying it in each time zone that somebody has.
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
  return format;
}
