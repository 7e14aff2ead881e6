import type { SecurityOptions } from "./security-options.ts";

export type OptionName = keyof SecurityOptions;

export type OptionChange = {
  option: OptionName;
  from: SecurityOptions[OptionName];
  to: SecurityOptions[OptionName];
};

/** What differs between two sets of options, in the order in which the first one has them. */
export function optionChanges(before: SecurityOptions, after: SecurityOptions): OptionChange[] {
  return (Object.keys(before) as OptionName[])
    .filter((option) => before[option] !== after[option])
    .map((option) => ({ option, from: before[option], to: after[option] }));
}

/**
 * Two people's changes of the same options in one: what `mine` left as it was comes from `theirs`, and what I changed is
 * as I wanted it. `disputed` is what both changed, each in another way.
 */
export function mergeOptions(
  base: SecurityOptions,
  mine: SecurityOptions,
  theirs: SecurityOptions,
): { options: SecurityOptions; disputed: OptionName[] } {
  const changedByMe = optionChanges(base, mine);
  const changedByThem = new Set(optionChanges(base, theirs).map(({ option }) => option));
  const wanted = Object.fromEntries(changedByMe.map(({ option, to }) => [option, to]));
  const disputed = changedByMe.filter(({ option, to }) => changedByThem.has(option) && theirs[option] !== to);
  return { options: { ...theirs, ...wanted }, disputed: disputed.map(({ option }) => option) };
}
