/** A list that cannot be read or made. The message is for the operator and holds no password. */
export class BreachListError extends Error {}
