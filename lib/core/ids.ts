const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a part of a path can be an id at all; what cannot is not found, without asking the database. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
